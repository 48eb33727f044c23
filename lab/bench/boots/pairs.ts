import { max, mean, median, min, sampleStandardDeviation } from 'simple-statistics'
import { tQuantile } from '../../measure/statistics/distributions.ts'
import { LEVEL } from '../../measure/statistics/looks.ts'

/** A mean with its 95 % interval, whose ends are null where one value tells nothing of others. */
export interface Estimate {
  n: number
  mean: number
  low: number | null
  high: number | null
}

export interface Spread {
  n: number
  least: number
  median: number
  most: number
}

/** @returns null without a value */
export const spreadOf = (values: number[]): Spread | null =>
  values.length ? { n: values.length, least: min(values), median: median(values), most: max(values) } : null

/** The mean with Student's interval. @returns null without a value */
export function meanOf(values: number[]): Estimate | null {
  const n = values.length
  if (n === 0) return null
  if (n === 1) return { n, mean: values[0]!, low: null, high: null }
  const half = (tQuantile(LEVEL, n - 1) * sampleStandardDeviation(values)) / Math.sqrt(n)
  return { n, mean: mean(values), low: mean(values) - half, high: mean(values) + half }
}

/** What two sides measured in the same turn. */
export type Pair = readonly [one: number, other: number]

/** By how much the other side has more: the mean of the differences. */
export const differenceOf = (pairs: Pair[]) => meanOf(pairs.map(([one, other]) => other - one))

/** How many times as much the other side has: the geometric mean of the ratios. Of pairs with a 0 there is none. */
export function ratioOf(pairs: Pair[]): Estimate | null {
  const logs = pairs.filter(([one, other]) => one > 0 && other > 0).map(([one, other]) => Math.log(other / one))
  const estimate = meanOf(logs)
  if (!estimate) return null
  const back = (value: number | null) => (value === null ? null : Math.exp(value))
  return { n: estimate.n, mean: Math.exp(estimate.mean), low: back(estimate.low), high: back(estimate.high) }
}

/** Whether an interval leaves out what it would be if the sides were alike: 0 of a difference, 1 of a ratio. */
export const isApart = ({ low, high }: Estimate, alike: number) =>
  low !== null && high !== null && (low > alike || high < alike)
