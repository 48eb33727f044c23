import { isMeasured, type MeasuredCell, type Result } from '../measure/result.ts'
import { lostOtherwise } from './account.ts'
import { noisy } from './details.ts'
import { ELSEWHERE, wrap } from './fit.ts'
import { decimal, doubtful, painted, perReload } from './format.ts'
import { circumstances, groups } from './groups.ts'
import { lineless } from './lineless.ts'

/** Of words that are verdicts, or as good as. */
export const STYLES = {
  expected: 'green',
  contradicts: 'red',
  inconclusive: 'yellow',
  failed: 'red',
  skipped: 'gray',
  noisy: 'yellow',
} as const

/** The terminal's columns, in plain ASCII so that they survive in mails. */
const COLUMNS: [head: string, text: (cell: MeasuredCell) => string | number][] = [
  ['reloads', (cell) => cell.reloads],
  ['conns', (cell) => cell.connections],
  ['resets', (cell) => doubtful(cell, `${cell.resets}`)],
  ['before\n+after', (cell) => `${cell.resetsBeforeRequest}+${cell.resetsAfterRequest}`],
  ['re-\nfused', (cell) => cell.refused],
  ['other\nlost', lostOtherwise],
  ['a reload\n(95 %)', (cell) => perReloadPlain(cell)],
  ['per\nmillion', (cell) => doubtful(cell, `${Math.round(cell.resetsPerMillion)}`)],
  ['inject\nerrs', (cell) => cell.injectErrs],
  ['p99\nms', (cell) => plain(cell.latencyMs.p99)],
  ['max\nms', (cell) => plain(cell.latencyMs.max)],
  ['slow', (cell) => cell.slow],
  ['conn/s', (cell) => Math.round(cell.throughput)],
]

const plain = (value: number) => decimal(value).replaceAll(',', '')

/** An interval in ASCII. */
export const plainInterval = (interval: string) => interval.replace('below ', '<').replace('–', '-')

function perReloadPlain(cell: MeasuredCell) {
  const [mean, interval] = perReload(cell)
  return cell.reloads === 0 ? mean : `${mean} (${plainInterval(interval)})`
}

/**
 * The summary for a terminal: a table for each group of cells that were run alike, and under it, a line each, what was
 * skipped, failed, contradicts or is inconclusive.
 *
 * @param colour whether the stream is a terminal that wants colours
 * @param labels the name of each cell's run, when they come from several
 * @param width of the tables, in characters
 */
export function summaryTable(result: Result, colour: boolean, labels?: string[], width = ELSEWHERE): string {
  const paint = (word: keyof typeof STYLES) => painted(colour, STYLES[word], word)
  const all = groups(result, labels)
  const parts = all.map((group) => {
    const table = lineless(
      ['case', ...COLUMNS.map(([head]) => head), 'verdict'],
      group.cells.map((cell) => [
        cell.case,
        ...COLUMNS.map(([, text]) => (isMeasured(cell) ? text(cell) : '-')),
        paint(cell.verdict) + (cell.noisy ? `, ${paint('noisy')}` : ''),
      ]),
      ['left', ...COLUMNS.map(() => 'right' as const), 'left'],
      width,
    )
    return `${group.title}\n${wrap(circumstances(group), width).join('\n')}\n\n${table}`
  })
  const noise = noisy(all)
  const notes = [
    ...all.flatMap(({ title, cells }) =>
      cells
        .filter(({ verdict }) => verdict !== 'expected')
        .map((cell) => {
          const tail = isMeasured(cell) ? [] : cell.consoleTail.slice(-8).map((line) => `    | ${line}`)
          const where = all.length > 1 ? `${title} ` : ''
          return [`${paint(cell.verdict)}: ${where}${cell.case}: ${cell.reason}`, ...tail].join('\n')
        }),
    ),
    ...(noise ? [`${paint('noisy')}: ${noise}`] : []),
    ...result.skipped.map(
      ({ kernel, case: name, reason }) => `${paint('skipped')}: ${kernel}${name === '*' ? '' : ` ${name}`}: ${reason}`,
    ),
  ]
  if (notes.length > 0) parts.push(notes.join('\n'))
  if (result.interrupted) parts.push('interrupted: these are the cells that had ended')
  return `${parts.join('\n\n')}\n`
}
