import { mean, variance } from 'simple-statistics'
import { BOOTS } from './boots.ts'
import { random } from './random.ts'

/** A kind of cell to simulate. */
export interface Setting {
  /** `single`: resets come one by one (Poisson). `clustered`: as in real runs. `grouped`: in groups of 2.9, however rare. */
  shape: 'single' | 'clustered' | 'grouped'
  boots: number
  /** In all boots together. */
  reloads: number
  /** Resets per reload. */
  mean: number
  /** Coefficient of variation of the boots' means; `measured`: as in {@link BOOTS}. */
  apart: number | 'measured'
}

/** An interval of a mean; without an upper end it covers every larger mean. */
type Interval = (boots: number[][]) => { low: number; high: number | null }

export interface Coverage {
  /** Shares of the intervals that cover the true mean, lie above it and lie below it. */
  covers: number
  above: number
  below: number
  /** Expected number in all reloads of one cell. */
  resets: number
  lossy: number
}

/** Counts by reload from their frequencies: [number of zeros, of ones, …]. */
const counts = (frequencies: number[]) => frequencies.flatMap((often, count) => new Array<number>(often).fill(count))

/** The 41 lossy reloads of nine cells with few of them: `none` on 6.1, 20 and 80 users, maxaccept 64 and -1. */
const RARE = counts([0, 33, 5, 1, 0, 0, 0, 1, 1])
/** `two-step` on 6.18 in reports/reference/host: 1.65 a reload, 2.9 a lossy one. */
const SOME = counts([40, 20, 13, 3, 7, 3, 4, 1, 2, 0, 1])
/** `none` on 6.1 in reports/reference/6.1: 6.93 a reload. */
const MANY = counts([9, 5, 2, 7, 7, 0, 8, 10, 24, 10, 4, 5, 7, 2, 3, 0, 1])

/** Draws the resets of one reload, in a boot with `factor` times the mean. */
function drawer({ shape, mean: expected }: Setting, uniform: () => number): (factor: number) => number {
  if (shape === 'single') return (factor) => poisson(expected * factor, uniform)
  const pool = shape === 'grouped' ? SOME : expected < 1 ? RARE : expected < 1.5 ? SOME : MANY
  const any = () => pool[Math.floor(uniform() * pool.length)]!
  const scale = expected / mean(pool)
  // A small mean makes few lossy reloads; a large one makes larger counts, rounded at random so that the mean holds.
  return pool === MANY
    ? (factor) => Math.floor(any() * scale * factor + uniform())
    : (factor) => (uniform() < scale * factor ? any() : 0)
}

/** Draws from a Poisson distribution, by inversion. */
function poisson(expected: number, uniform: () => number): number {
  let [rest, p, count] = [uniform(), Math.exp(-expected), 0]
  while (rest > p && p > 0) {
    rest -= p
    count++
    p *= expected / count
  }
  return count
}

/** Draws from a log-normal distribution of mean 1, by Box and Muller (1958). */
function lognormal(cv: number, uniform: () => number): number {
  if (cv === 0) return 1
  const log = Math.log(1 + cv ** 2)
  const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return Math.exp(Math.sqrt(log) * normal - log / 2)
}

/** Draws that the variance from reload to reload is taken from, where boots are as far apart as measured. */
const VARIANCE_DRAWS = 20_000

/** Simulates cells of a setting: counts by reload, a list a boot. */
export function simulated(setting: Setting, uniform: () => number): () => number[][] {
  const draw = drawer(setting, uniform)
  const measured = () => {
    const alike = Array.from({ length: VARIANCE_DRAWS }, () => draw(1))
    return Math.min(BOOTS.cv, Math.sqrt(BOOTS.ratio * variance(alike)) / setting.mean)
  }
  const cv = setting.apart === 'measured' ? measured() : setting.apart
  const perBoot = Math.round(setting.reloads / setting.boots)
  return () =>
    Array.from({ length: setting.boots }, () => {
      const factor = lognormal(cv, uniform)
      return Array.from({ length: perBoot }, () => draw(factor))
    })
}

/** How often an interval covers the true mean of a setting; the same for the same seed. */
export function coverage(setting: Setting, interval: Interval, repetitions: number, seed: number): Coverage {
  const cell = simulated(setting, random(seed))
  let [above, below, lossy, reloads] = [0, 0, 0, 0]
  for (let i = 0; i < repetitions; i++) {
    const boots = cell()
    const { low, high } = interval(boots)
    if (low > setting.mean) above++
    else if (high !== null && high < setting.mean) below++
    for (const counts of boots) for (const count of counts) lossy += Number(count > 0)
    reloads += boots.length * boots[0]!.length
  }
  const share = (count: number) => count / repetitions
  return {
    covers: 1 - share(above + below),
    above: share(above),
    below: share(below),
    resets: (setting.mean * reloads) / repetitions,
    lossy: share(lossy),
  }
}

/** The share of pairs of cells of one setting that a test tells apart. */
export function falseAlarms(
  setting: Setting,
  differs: (a: number[][], b: number[][], seed: number) => boolean,
  repetitions: number,
  seed: number,
): number {
  const cell = simulated(setting, random(seed))
  let alarms = 0
  for (let i = 0; i < repetitions; i++) alarms += Number(differs(cell(), cell(), i))
  return alarms / repetitions
}

/** What becomes of pairs of cells of one setting that are looked at after each boot, until a look tells them apart. */
export interface Stopped {
  /** The share of the pairs that some look told apart. */
  alarms: number
  /** The share of the intervals that hold the true mean, of one cell of each pair, when the pair was told apart or complete. */
  covers: number
  /** Boots that a cell had had by then, on average. */
  boots: number
}

/**
 * Looks at pairs of cells of one setting after each boot.
 *
 * @param setting with the most boots that a cell can have, and its reloads in all of them
 * @param differs whether a look tells two cells apart
 * @param interval of a cell at a look
 */
export function stopped(
  setting: Setting,
  differs: (a: number[][], b: number[][], look: number, seed: number) => boolean,
  interval: (boots: number[][], look: number) => ReturnType<Interval>,
  repetitions: number,
  seed: number,
): Stopped {
  const cell = simulated(setting, random(seed))
  let [alarms, covers, boots] = [0, 0, 0]
  for (let i = 0; i < repetitions; i++) {
    const [a, b] = [cell(), cell()]
    let look = 0
    let apart = false
    while (look < setting.boots && !apart) {
      look++
      apart = differs(a.slice(0, look), b.slice(0, look), look, i)
    }
    const { low, high } = interval(a.slice(0, look), look)
    alarms += Number(apart)
    covers += Number(low <= setting.mean && (high === null || setting.mean <= high))
    boots += look
  }
  return { alarms: alarms / repetitions, covers: covers / repetitions, boots: boots / repetitions }
}
