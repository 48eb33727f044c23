import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { mean, variance } from 'simple-statistics'
import { BOOTS } from './boots.ts'

/** One cell to simulate, again and again. */
export interface Setting {
  /** `single`: resets come one by one (Poisson). `clustered`: as in real runs. `grouped`: in groups of 2.9, however rare. */
  shape: 'single' | 'clustered' | 'grouped'
  boots: number
  /** Over all boots. */
  reloads: number
  /** Resets a reload. */
  mean: number
  /** Coefficient of variation of the boots' means, or as far apart as {@link BOOTS} has them. */
  apart: number | 'measured'
}

/** What an interval of a mean says; without an upper end it holds whatever is above. */
type Interval = (boots: number[][]) => { low: number; high: number | null }

export interface Coverage {
  /** Share of the intervals that hold the true mean, and of those that lie above and below it. */
  covers: number
  above: number
  below: number
  /** Expected in all reloads of one cell. */
  resets: number
  lossy: number
}

/** Counts by reload, written as how often each occurs: [of 0, of 1, …]. */
const counts = (times: number[]) => times.flatMap((often, count) => new Array<number>(often).fill(count))

/** 41 lossy reloads of nine cells with few: `none` on 6.1, 20 and 80 users, maxaccept 64 and -1. */
const RARE = counts([0, 33, 5, 1, 0, 0, 0, 1, 1])
/** `two-step` on 6.18 in reports/reference/host: 1.65 a reload, 2.9 a lossy one. */
const SOME = counts([40, 20, 13, 3, 7, 3, 4, 1, 2, 0, 1])
/** `none` on 6.1 in reports/reference/6.1: 6.93 a reload. */
const MANY = counts([9, 5, 2, 7, 7, 0, 8, 10, 24, 10, 4, 5, 7, 2, 3, 0, 1])

/** Numbers in [0, 1), the same ones for the same seed. */
export function source(seed: number): () => number {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}

/** What resets one reload, when its boot has `factor` times the mean. */
function drawer({ shape, mean: middle }: Setting, random: () => number): (factor: number) => number {
  if (shape === 'single') return (factor) => poisson(middle * factor, random)
  const pool = shape === 'grouped' ? SOME : middle < 1 ? RARE : middle < 1.5 ? SOME : MANY
  const any = () => pool[Math.floor(random() * pool.length)]!
  const scale = middle / mean(pool)
  // Few resets are few lossy reloads; many are larger counts, rounded up or down by chance so that the mean holds.
  return pool === MANY
    ? (factor) => Math.floor(any() * scale * factor + random())
    : (factor) => (random() < scale * factor ? any() : 0)
}

/** By inversion. */
function poisson(middle: number, random: () => number): number {
  let [rest, p, count] = [random(), Math.exp(-middle), 0]
  while (rest > p && p > 0) {
    rest -= p
    count++
    p *= middle / count
  }
  return count
}

/** Of mean 1, by Box and Muller (1958). */
function lognormal(cv: number, random: () => number): number {
  if (cv === 0) return 1
  const log = Math.log(1 + cv ** 2)
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Math.exp(Math.sqrt(log) * normal - log / 2)
}

/** Cells of this setting, each a list a boot of counts by reload. */
export function cells(setting: Setting, random: () => number): () => number[][] {
  const draw = drawer(setting, random)
  let apart = setting.apart
  if (apart === 'measured') {
    const alike = Array.from({ length: 20_000 }, () => draw(1))
    apart = Math.min(BOOTS.cv, Math.sqrt(BOOTS.ratio * variance(alike)) / setting.mean)
  }
  const cv = apart
  const perBoot = Math.round(setting.reloads / setting.boots)
  return () =>
    Array.from({ length: setting.boots }, () => {
      const factor = lognormal(cv, random)
      return Array.from({ length: perBoot }, () => draw(factor))
    })
}

/** How often an interval holds the true mean of this setting. The same seed gives the same answer. */
export function coverage(setting: Setting, interval: Interval, repetitions: number, seed: number): Coverage {
  const cell = cells(setting, source(seed))
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

/** How often two cells of one setting are told apart at the level of 5 %. */
export function falseAlarms(
  setting: Setting,
  differs: (a: number[][], b: number[][], seed: number) => boolean,
  repetitions: number,
  seed: number,
): number {
  const cell = cells(setting, source(seed))
  let alarms = 0
  for (let i = 0; i < repetitions; i++) alarms += Number(differs(cell(), cell(), i))
  return alarms / repetitions
}
