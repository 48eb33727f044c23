import { lossyShare } from '../../../measure/measure.ts'
import type { MeasuredCell, ResultCell } from '../../../model/result.ts'
import { counted, whole } from '../../../model/text/amounts.ts'
import { answers } from './account.ts'

/** By the number of decimals; made once, for making one costs more than using it a hundred times. */
const FORMATS = [0, 1, 2, 3].map(
  (digits) => new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
)

/** About three significant digits, never an exponent: 1,234 · 123 · 12.3 · 1.23 · 0.12 · 0.012 */
export const decimal = (value: number, digits = digitsFor(value)) =>
  value === 0 ? '0' : FORMATS[digits]!.format(value)

function digitsFor(value: number) {
  const size = Math.abs(value)
  return size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3
}

/** A share of 0 to 1: 0.0123 → "1.23 %" */
export const percent = (share: number) => `${decimal(share * 100)}\u00a0%`

/** A probability: 0.0002 → "p < 0.001" */
export const probability = (p: number) =>
  p < 0.001 ? 'p\u00a0<\u00a00.001' : `p\u00a0=\u00a0${p.toFixed(p < 0.1 ? 3 : 2)}`

/** "8.72–10.97" */
export const interval = (low: number, high: number, digits?: number) =>
  `${decimal(low, digits)}–${decimal(high, digits)}`

/** A number of resets, with a question mark where the cell is inconclusive: it is in doubt, a zero above all. */
export const doubtful = ({ verdict }: MeasuredCell, text: string) => (verdict === 'inconclusive' ? `${text}?` : text)

/** Wall seconds of all boots of a cell. */
export const secondsOf = ({ eachBoot }: ResultCell): number =>
  eachBoot.reduce((sum, { tookMs }) => sum + (tookMs ?? 0), 0) / 1000

/** "14 exposed of 112 reloads" */
export const exposure = ({ exposed, reloads }: MeasuredCell) =>
  exposed === null
    ? `${counted(reloads, 'reload')}, exposed not known`
    : `${whole(exposed)} exposed of ${counted(reloads, 'reload')}`

/**
 * The upper bound on the share of exposed reloads that lose anything, where none did: "<19.3 %". It bounds no number of
 * resets. Undefined where no reload was exposed, where that is not known, and where any refused a connection.
 */
export const bound = (cell: MeasuredCell) =>
  cell.exposed && cell.refused === 0 ? `<${percent(lossyShare(cell).high)}` : undefined

/** Resets per reload in two parts: the mean, and its interval; of a zero, how many reloads show it. */
export function perReload(cell: MeasuredCell): [mean: string, detail: string] {
  const { mean, low, high } = cell.resetsPerReload
  if (cell.reloads === 0) return ['-', 'no reloads']
  if (mean === 0) {
    const most = answers(cell) ? bound(cell) : undefined
    return [doubtful(cell, '0'), `in ${exposure(cell)}${most ? `, ${most}` : ''}`]
  }
  const digits = digitsFor(mean)
  return [doubtful(cell, decimal(mean, digits)), interval(low, high ?? mean, digits)]
}

/** A zero in words: "0 in 14 exposed of 112 reloads (<19.3 %)" */
export function zero(cell: MeasuredCell) {
  const most = bound(cell)
  return `0 in ${exposure(cell)}${most ? ` (${most})` : ''}`
}

/** One value a reload, made to fit into `columns`: each column is the mean of `size` reloads. */
export function bins(values: number[], columns: number): { size: number; means: number[] } {
  const size = Math.max(1, Math.ceil(values.length / columns))
  const means: number[] = []
  for (let start = 0; start < values.length; start += size) {
    const bin = values.slice(start, start + size)
    means.push(bin.reduce((sum, value) => sum + value, 0) / bin.length)
  }
  return { size, means }
}

/** After which reload each boot but the last ends. */
export function bootEnds({ byBoot }: Pick<MeasuredCell, 'byBoot'>): number[] {
  let reloads = 0
  return byBoot.slice(0, -1).map((boot) => (reloads += boot.reloads))
}
