import { lossyShare } from '../../measure/measure.ts'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { causeText, flags, lostOtherwise, refusals } from '../facts/cells/account.ts'
import { bound, decimal, doubtful, percent, perReload } from '../facts/cells/numbers.ts'
import { described, type Group } from '../facts/groups/groups.ts'
import { remarksOf, type Subject } from '../facts/remarks.ts'
import { byBootText } from '../tables/running.ts'
import { STYLES } from './comparison.ts'
import { ascii, painted, WIDTH, wrap } from './fit.ts'
import { plainTable } from './plain.ts'

/** The terminal's columns, plain ASCII: what was lost, by which cause, at what price. */
const COLUMNS: [head: string, text: (cell: MeasuredCell) => string | number][] = [
  ['resets', (cell) => doubtful(cell, `${cell.resets}`)],
  ['per reload\n(95 %)', perReloadText],
  ['reloads', (cell) => cell.reloads],
  ['exposed', (cell) => (cell.reloads === 0 ? '-' : (cell.exposed ?? '?'))],
  ['lose\nany', lossyText],
  ['refused', (cell) => ascii(refusals(cell, `${cell.refused}`))],
  ['other\nlost', lostOtherwise],
  ['accept\nqueue', (cell) => causeText(cell, `${cell.causes.acceptQueue}`)],
  ['com-\npleting', (cell) => causeText(cell, `${cell.causes.completing}`)],
  ['SYN_\nRECV', (cell) => causeText(cell, `${cell.causes.synRecv}`)],
  ['closed by\nproxy', (cell) => causeText(cell, `${cell.causes.closed}`)],
  ['unex-\nplained', (cell) => causeText(cell, `${cell.causes.unexplained}`)],
  ['inject\nerrs', (cell) => cell.injectErrs],
  ['limited\nby', (cell) => cell.limitedBy ?? '?'],
  ['at\nceiling', (cell) => (cell.capped === null ? '-' : percent(cell.capped).replace('\u00a0', ''))],
  ['by\nboot', (cell) => ungrouped(byBootText(cell)).replaceAll(' ', '')],
  ['conns', (cell) => cell.connections],
  ['resets per\nmillion', (cell) => doubtful(cell, `${Math.round(cell.resetsPerMillion)}`)],
  ['p99\nms', (cell) => ungrouped(decimal(cell.latencyMs.p99))],
  ['max\nms', (cell) => ungrouped(decimal(cell.latencyMs.max))],
  ['slow', (cell) => cell.slow],
  ['conn/s', (cell) => Math.round(cell.throughput)],
  ['reload\nms', (cell) => (cell.reloads === 0 ? '-' : ungrouped(decimal(cell.reloadMs.p50)))],
]

/** More of them, where connections are kept: resets of reused ones, of those the POSTs, and empty replies. */
const KEPT_COLUMNS: typeof COLUMNS = [
  ['resets of\nreused', (cell) => doubtful(cell, `${cell.kept?.resets ?? '-'}`)],
  ['of them\nPOSTs', (cell) => doubtful(cell, `${cell.kept?.resetPosts ?? '-'}`)],
  ['empty\nreplies', (cell) => cell.kept?.shorts ?? '-'],
  ['requests', (cell) => cell.kept?.requests ?? '-'],
]

const ungrouped = (number: string) => number.replaceAll(',', '')

function perReloadText(cell: MeasuredCell) {
  const [mean, interval] = perReload(cell)
  return cell.resets === 0 ? mean : `${mean} (${ascii(interval)})`
}

/** The share of the exposed reloads that lost any; where none did, below which it is. */
function lossyText(cell: MeasuredCell): string {
  if (cell.reloads === 0 || !cell.exposed) return '-'
  const { share } = lossyShare(cell)
  const text = (share === 0 && bound(cell)) || percent(share)
  return doubtful(cell, text.replace('\u00a0', ''))
}

/**
 * The summary for a terminal: tables for each group of cells that were run alike, and under them the notes.
 *
 * @param colour whether the stream is a terminal that wants colours
 * @param width in columns, which no table exceeds: what does not fit goes below
 */
export function summaryText(result: Result, all: Group[], colour: boolean, width = WIDTH): string {
  const parts = all.map((group) => {
    const columns = group.load.exchange.kind === 'keep-alive' ? COLUMNS.toSpliced(5, 0, ...KEPT_COLUMNS) : COLUMNS
    const lines = [group.title, described(group)].flatMap((line) => wrap(line, width))
    const rows = group.cells.map((cell) => [
      cell.case,
      [cell.verdict, ...flags(cell).map(({ word }) => word)]
        .map((word) => painted(colour, STYLES[word], word))
        .join(', '),
      ...columns.map(([, text]) => (isMeasured(cell) ? `${text(cell)}` : '-')),
    ])
    const head = ['case', 'verdict', ...columns.map(([head]) => head)]
    return `${lines.join('\n')}\n\n${plainTable(head, rows, width, { align: 'right', left: 2, gap: 1 })}`
  })
  const notes = summaryNotes(result, all, colour)
  return `${[...parts, ...(notes ? [notes] : [])].join('\n\n')}\n`
}

/** The last lines of a console that a terminal shows. */
const TAIL = 8

/** What is not as expected, a line each. */
export function summaryNotes(result: Result, all: Group[], colour: boolean): string {
  const notes = remarksOf(result, all).map(({ word, of, text, console }) =>
    [
      `${painted(colour, STYLES[word], word)}: ${of.map(subject).join(', ')}: ${text}`,
      ...console.slice(-TAIL).map((line) => `    | ${line}`),
    ].join('\n'),
  )
  return notes.join('\n')
}

const subject = ({ name, on, detail }: Subject) => `${name}${on ? ` on ${on}` : ''}${detail ? ` (${detail})` : ''}`
