import type { ExperimentFile } from './experiments.ts'

/** What experiments under half of the capacity have in common, so that they share cells. */
export const HALF = {
  // The article's could not pass sockets on.
  proxies: { first: ['haproxy:2.6', 'haproxy:*'] },
  boots: 2,
  duration: 3,
  interval: 100,
} satisfies Partial<ExperimentFile>

/** Half of the capacity: under a closed loop a slow connection keeps others from coming, and hides its own price. */
export const HALF_SHARE = { shares: [0.5] }
