import { isMeasured, type ResultCell, type Verdict } from '../../model/result.ts'
import { flags } from '../facts/cells/account.ts'
import { type Comparison, type ComparisonSection, type Outcome, outcomeText } from '../tables/outcomes.ts'
import { ascii, painted, WIDTH, wrap } from './fit.ts'
import { plainTable } from './plain.ts'

/** Colours of words that judge. */
export const STYLES = {
  expected: 'green',
  contradicts: 'red',
  inconclusive: 'yellow',
  failed: 'red',
  skipped: 'gray',
  noisy: 'yellow',
  overloaded: 'yellow',
  understated: 'yellow',
  misjudged: 'yellow',
  uncertain: 'yellow',
  moved: 'yellow',
  interrupted: 'yellow',
  missing: 'yellow',
  mixed: 'yellow',
  'one-core': 'yellow',
} as const

const MARKS: Record<Verdict, string> = { expected: '=', contradicts: '!', inconclusive: '', failed: 'x' }
const MARKS_LEGEND = '= expected, ! contradicts, ? inconclusive, x failed, ~ noisy or overloaded, - not run'

/** Columns of the price, in words. */
const PRICE = 34
/** Columns of what a column's title says more. */
const DETAIL = 28

/**
 * A section of comparisons for a terminal, plain ASCII: as many columns side by side as fit, the others in further
 * tables below.
 *
 * @param colour whether the stream is a terminal that wants colours
 * @param width in columns
 */
export function comparisonText(
  { title, comparisons, legend = [], notes = [] }: ComparisonSection,
  colour: boolean,
  width = WIDTH,
): string {
  const lead = [title, ...legend, MARKS_LEGEND, ...notes.map((words) => ascii(words.replaceAll('`', '')))].flatMap(
    (line) => wrap(line, width),
  )
  const tables = comparisons.map((one) => `${one.title ? `${one.title}\n\n` : ''}${tableOf(one, colour, width)}\n`)
  return `${lead.join('\n')}\n\n${tables.join('\n')}`
}

function tableOf({ corner, columns, rows, priceOf }: Comparison, colour: boolean, width: number): string {
  const heads = columns.map(({ title, detail }) => [title, ...(detail ? wrap(ascii(detail), DETAIL) : [])].join('\n'))
  return plainTable(
    [corner, ...heads, ...(priceOf ? [`price under ${priceOf}`] : [])],
    rows.map((row) => [
      row.title,
      ...(row.unavailable === undefined ? row.outcomes.map((one) => outcomeLines(one, colour)) : ['unavailable']),
      ...(priceOf ? [wrap(ascii(row.price || '-'), PRICE).join('\n')] : []),
    ]),
    width,
    { align: 'left' },
  )
}

function outcomeLines(outcome: Outcome, colour: boolean): string {
  if (!outcome) return '-'
  if ('skipped' in outcome) return '- skipped'
  const { cell } = outcome
  const style = cell.verdict === 'expected' ? undefined : STYLES[cell.verdict]
  return cellLines(cell)
    .map((line) => (style ? painted(colour, style, line) : line))
    .join('\n')
}

function cellLines(cell: ResultCell): string[] {
  if (!isMeasured(cell)) return ['x failed']
  const { main, detail, losses } = outcomeText(cell)
  const mark = `${MARKS[cell.verdict]}${flags(cell).length > 0 ? '~' : ''}`
  const word = cell.verdict === 'expected' ? [] : [cell.verdict]
  return [mark ? `${main} ${mark}` : main, ...detail.map(ascii), ...losses, ...word]
}
