import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { flags, lostOtherwise } from '../facts/account.ts'
import { byBootText, disturbed } from '../facts/details.ts'
import { bound, decimal, doubtful, painted, percent, perReload } from '../facts/format.ts'
import { described, type Group, groups } from '../facts/groups.ts'
import { lineless } from './columns.ts'
import { wrap } from './fit.ts'

/** Columns of what is not a terminal. */
export const WIDTH = 120

/** Of words that are verdicts, or as good as. */
export const STYLES = {
  expected: 'green',
  contradicts: 'red',
  inconclusive: 'yellow',
  failed: 'red',
  skipped: 'gray',
  noisy: 'yellow',
  overloaded: 'yellow',
} as const

type Text = (cell: MeasuredCell) => string | number

/** The terminal's columns, plain ASCII so that they survive in mails: what was lost, by which cause, at what price. */
const COLUMNS: [head: string, text: Text][] = [
  ['resets', (cell) => doubtful(cell, `${cell.resets}`)],
  ['a reload\n(95 %)', (cell) => perReloadPlain(cell)],
  ['reloads', (cell) => cell.reloads],
  ['ex-\nposed', (cell) => (cell.reloads === 0 ? '-' : (cell.exposed ?? '?'))],
  ['lose\nany', (cell) => lossy(cell)],
  ['re-\nfused', (cell) => cell.refused],
  ['other\nlost', lostOtherwise],
  ['accept\nqueue', (cell) => cell.causes.acceptQueue],
  ['com-\npleting', (cell) => cell.causes.completing],
  ['SYN_\nRECV', (cell) => cell.causes.synRecv],
  ['closed by\nproxy', (cell) => cell.causes.closed],
  ['unex-\nplained', (cell) => cell.causes.unexplained],
  ['inject\nerrs', (cell) => cell.injectErrs],
  ['limited\nby', (cell) => cell.limitedBy ?? '?'],
  ['at\nceiling', (cell) => (cell.capped === null ? '-' : plainInterval(percent(cell.capped)).replace(' ', ''))],
  ['by\nboot', (cell) => byBootText(cell).replaceAll(' ', '').replaceAll(',', '')],
  ['conns', (cell) => cell.connections],
  ['per\nmillion', (cell) => doubtful(cell, `${Math.round(cell.resetsPerMillion)}`)],
  ['p99\nms', (cell) => plain(cell.latencyMs.p99)],
  ['max\nms', (cell) => plain(cell.latencyMs.max)],
  ['slow', (cell) => cell.slow],
  ['conn/s', (cell) => Math.round(cell.throughput)],
  ['reload\nms', (cell) => (cell.reloads === 0 ? '-' : plain(cell.reloadMs.p50))],
]

const plain = (value: number) => decimal(value).replaceAll(',', '')

/** An interval in ASCII. */
export const plainInterval = (interval: string) => interval.replace('–', '-').replaceAll('\u00a0', ' ')

function perReloadPlain(cell: MeasuredCell) {
  const [mean, interval] = perReload(cell)
  return cell.resets === 0 ? mean : `${mean} (${plainInterval(interval)})`
}

/** Of the exposed reloads, the share that lost any; where none did, below which it is. */
function lossy(cell: MeasuredCell): string {
  if (cell.reloads === 0 || !cell.exposed) return '-'
  const text = cell.resets === 0 ? bound(cell)! : percent(cell.lossyReloads.share)
  return doubtful(cell, plainInterval(text).replace(' ', ''))
}

/**
 * The summary for a terminal: tables for each group of cells that were run alike, and under them, a line each, what
 * was skipped, failed, contradicts, is inconclusive, or disturbed.
 *
 * @param colour whether the stream is a terminal that wants colours
 * @param labels the name of each cell's run, when they come from several
 * @param width in columns, which no table exceeds: what does not fit goes below
 */
export function summaryTable(result: Result, colour: boolean, labels?: string[], width = WIDTH): string {
  const all = groups(result, labels)
  const parts = all.map((group) => {
    const lines = [group.title, described(group)].flatMap((line) => wrap(line, width))
    return `${lines.join('\n')}\n\n${groupTables(group, painter(colour), width)}`
  })
  const notes = summaryNotes(result, colour, all)
  if (notes) parts.push(notes)
  return `${parts.join('\n\n')}\n`
}

const painter = (colour: boolean) => (word: keyof typeof STYLES) => painted(colour, STYLES[word], word)

/** What was skipped, failed, contradicts, is inconclusive, disturbed or interrupted, a line each. */
export function summaryNotes(result: Result, colour: boolean, all: Group[]): string {
  const paint = painter(colour)
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
    ...disturbed(all).flatMap(({ word, cells }) => cells.map((cell) => `${paint(word)}: ${cell}`)),
    ...result.skipped.map(
      ({ kernel, case: name, reason }) => `${paint('skipped')}: ${kernel}${name === '*' ? '' : ` ${name}`}: ${reason}`,
    ),
  ]
  return [
    ...(notes.length > 0 ? [notes.join('\n')] : []),
    ...(result.interrupted ? ['interrupted: these are the cells that had ended'] : []),
  ].join('\n\n')
}

/** The cells of a group: the verdict beside what was lost, then its causes, then its price. */
function groupTables({ cells }: Group, paint: (word: keyof typeof STYLES) => string, width: number): string {
  const rows = cells.map((cell) => [
    cell.case,
    [cell.verdict, ...flags(cell).map(({ word }) => word)].map(paint).join(', '),
    ...COLUMNS.map(([, text]) => (isMeasured(cell) ? `${text(cell)}` : '-')),
  ])
  const aligns = COLUMNS.map(() => 'right' as const)
  return lineless(['case', 'verdict', ...COLUMNS.map(([head]) => head)], rows, ['left', 'left', ...aligns], width)
}
