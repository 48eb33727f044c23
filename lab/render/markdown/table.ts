import { isMeasured } from '../../model/result.ts'
import { addressOf } from '../facts/remarks.ts'
import { type Comparison, type Outcome, outcomeText } from '../tables/outcomes.ts'
import { type Badge, badgesOf, type Table, type TableCell } from '../tables/table.ts'
import { code, plain } from './text.ts'

/** Code in a table, where a bar ends the field. */
const codeField = (text: string) => code(text).replaceAll('|', '\\|')

/** A table; its fields are Markdown already. */
const rowsOf = (head: string[], rows: string[][]) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${head.map((_, i) => row[i] ?? '-').join(' | ')} |`)
    .join('\n')

/** A verdict, and what disturbed it: "**expected**, noisy". */
const badgesText = ([verdict, ...flags]: Badge[]) =>
  [...(verdict ? [`**${verdict.word}**`] : []), ...flags.map(({ word }) => word)].join(', ')

function field(cell: TableCell): string {
  if (typeof cell === 'string') return plain(cell)
  const { text, detail, file, badges = [] } = cell
  const shown = plain(detail ? `${text} (${detail})` : text)
  return [file ? `[${shown}](<${addressOf(file)}>)` : shown, badgesText(badges)].filter((part) => part !== '').join(' ')
}

/** A table whose first column names things, or has words. */
export const table = ({ head, rows }: Table) =>
  rowsOf(
    head.map((one) => plain(typeof one === 'string' ? one : one.text)),
    rows.map(([name, ...rest]) => [typeof name === 'string' ? codeField(name) : field(name!), ...rest.map(field)]),
  )

function outcomeField(outcome: Outcome): string {
  if (!outcome) return ''
  if ('skipped' in outcome) {
    const { feature } = outcome.skipped
    return plain(`skipped${feature ? `: no ${feature}` : ''}`)
  }
  const { cell } = outcome
  if (!isMeasured(cell)) return badgesText(badgesOf(cell))
  const { main, detail, losses } = outcomeText(cell)
  const [verdict, ...flags] = badgesOf(cell)
  return [
    plain([main, ...detail].join(' · ')),
    ...losses.map(plain),
    verdict!.word === 'expected' ? '✓' : `**${verdict!.word}**`,
    ...flags.map(({ word }) => word),
  ].join('; ')
}

export const comparisonTable = ({ corner, columns, rows, priceOf }: Comparison) =>
  rowsOf(
    [
      corner,
      ...columns.map(({ title, detail }) => (detail ? plain(`${title} (${detail})`) : codeField(title))),
      ...(priceOf ? [plain(`price under ${priceOf}`)] : []),
    ],
    rows.map(({ title, outcomes, unavailable, price }) => [
      codeField(title),
      ...(unavailable === undefined ? outcomes.map(outcomeField) : columns.map((_, i) => (i ? '' : 'unavailable'))),
      ...(priceOf ? [plain(price || '-')] : []),
    ]),
  )
