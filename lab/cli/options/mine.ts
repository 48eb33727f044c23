import type { Mine } from '../../model/result.ts'
import type { CommandLine } from './flags.ts'

/** The operator's own rates, where both are given. */
export const mineOf = ({ myRate, myReloads }: { myRate?: number; myReloads?: number }): Mine | undefined =>
  myRate !== undefined && myReloads !== undefined ? { rate: myRate, reloads: myReloads } : undefined

/** What is wrong where only one of the two rates is given. */
export function halfOfMine({ myRate, myReloads }: CommandLine['typed']): string[] {
  if ((myRate === undefined) === (myReloads === undefined)) return []
  return myRate === undefined
    ? ['--my-reloads: without --my-rate; expected both, such as --my-rate 5000/s --my-reloads 1/min']
    : ['--my-rate: without --my-reloads; expected both, such as --my-rate 5000/s --my-reloads 1/min']
}
