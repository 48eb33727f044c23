import { styleText } from 'node:util'
import type { MeasuredCell } from '../../model/result.ts'
import { answers } from './account.ts'

/** 174233 → "174,233" */
export const whole = (value: number) => Math.round(value).toLocaleString('en-US')

/** By the number of decimals; made once, for making one costs more than using it a hundred times. */
const FORMATS = [0, 1, 2, 3].map(
  (digits) => new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
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

/** A probability as it is printed: 0.0002 → "p < 0.001" */
export const probability = (p: number) =>
  p < 0.001 ? 'p\u00a0<\u00a00.001' : `p\u00a0=\u00a0${p.toFixed(p < 0.1 ? 3 : 2)}`

/** A number of resets; of an inconclusive cell it is in doubt, a zero above all. */
export const doubtful = ({ verdict }: MeasuredCell, text: string) => (verdict === 'inconclusive' ? `${text}?` : text)

/** "14 exposed of 112 reloads" */
export const exposure = ({ exposed, reloads }: MeasuredCell) =>
  exposed === null
    ? `${counted(reloads, 'reload')}, exposed not known`
    : `${whole(exposed)} exposed of ${counted(reloads, 'reload')}`

/**
 * The upper bound on the share of exposed reloads that lose anything, where none did: "<19.3 %". It is no number of
 * resets. Nothing where no reload was exposed, or it is not known which were.
 */
export const bound = ({ exposed, lossyReloads }: MeasuredCell) =>
  exposed ? `<${percent(lossyReloads.high)}` : undefined

/** Resets a reload in two parts: the mean, and its interval or, when nothing was reset, how many reloads tell so. */
export function perReload(cell: MeasuredCell): [string, string] {
  const { mean, low, high } = cell.resetsPerReload
  if (cell.reloads === 0) return ['-', 'no reloads']
  if (mean === 0) {
    const most = answers(cell) ? bound(cell) : undefined
    return [doubtful(cell, '0'), `in ${exposure(cell)}${most ? `, ${most}` : ''}`]
  }
  const digits = digitsFor(mean)
  return [doubtful(cell, decimal(mean, digits)), `${decimal(low, digits)}–${decimal(high ?? mean, digits)}`]
}

/** A zero in words: "0 in 14 exposed of 112 reloads (<19.3 %)" */
export const zero = (cell: MeasuredCell) => {
  const most = bound(cell)
  return `0 in ${exposure(cell)}${most ? ` (${most})` : ''}`
}

/** "a, b and c" */
export const list = (items: string[]) =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`

/** "1 reset", "2 resets" */
export const counted = (count: number, noun: string) => `${whole(count)} ${noun}${count === 1 ? '' : 's'}`

/** Arguments as they are typed into a shell. */
export const shell = (argv: string[]) =>
  argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ')

/**
 * What starts the run again, in a folder of its own. `argv` is the verb's file and its options, as in
 * `lab/run.ts --kernel 6.1`; what --out said is left out, as that folder is taken.
 */
export const again = (argv: string[]) =>
  `npx tsx ${shell(argv.filter((word, i) => !/^--out(=|$)/.test(word) && argv[i - 1] !== '--out'))}`

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

/** Text in a style of `util.styleText`. Whether the terminal wants it is the caller's question, and asked once. */
export const painted = (colour: boolean, style: Parameters<typeof styleText>[0], text: string) =>
  colour ? styleText(style, text, { validateStream: false }) : text
