import { isMeasured, type MeasuredCell, type ResultCell } from '../../model/result.ts'
import { whole } from '../../model/text/amounts.ts'
import { answers, lostOtherwise, refusals } from '../facts/cells/account.ts'
import { decimal, doubtful, percent, perReload, probability } from '../facts/cells/numbers.ts'
import { change, hiddenByCeiling, inFirstRun } from '../facts/change.ts'
import type { Group } from '../facts/groups/groups.ts'
import { priceText } from '../facts/price.ts'
import { whereColumn } from './columns.ts'
import { badgesOf, type Table } from './table.ts'

type Text = [text: string, detail?: string]

/** A column of the summary. */
interface SummaryColumn {
  head: string
  about: string
  text: (cell: MeasuredCell, group: Group) => Text
}

/** How a cell differs from another: "+12.0 %", with its p. */
function against(cell: ResultCell, other: ResultCell | undefined): Text {
  if (hiddenByCeiling(cell, other)) return ['ceiling', 'not compared']
  const found = change(cell, other)
  if (!found) return ['-']
  const { share, p } = found
  const sign = share !== null && share < 0 ? '−' : '+'
  return [share === null ? 'from 0' : share === 0 ? '0 %' : `${sign}${percent(Math.abs(share))}`, probability(p)]
}

const COLUMNS: SummaryColumn[] = [
  {
    head: 'Resets per reload',
    about:
      'Mean over the reloads, and its 95 % interval. Of a zero: how many reloads were exposed (had a connection to lose), and the 95 % upper bound on the share of them that lose anything.',
    text: perReload,
  },
  {
    head: 'vs none',
    about:
      'Change against the case none of the same kernel, proxy and load; p by the exposed reloads and the boots. Ceiling: either lost the most that its load can lose.',
    text: (cell, { base }) => against(cell, base),
  },
  {
    head: 'Resets',
    about: 'Connections answered with RST, each counted once: before the request was sent + after it.',
    text: (cell) => [
      doubtful(cell, whole(cell.resets)),
      `${whole(cell.resetsBeforeRequest)} + ${whole(cell.resetsAfterRequest)}`,
    ],
  },
  {
    head: 'Otherwise lost',
    about: 'Refused (SYNs answered with RST) + timeouts, responses cut short, and all else.',
    text: (cell) => [
      refusals(cell, whole(cell.refused + lostOtherwise(cell))),
      `${refusals(cell, whole(cell.refused))} + ${whole(lostOtherwise(cell))}`,
    ],
  },
  {
    head: 'Resets per million connections',
    about: 'And the 95 % interval.',
    text: (cell) => {
      const { low, high } = cell.resetsPerMillionInterval
      const interval = cell.resets > 0 && high !== null && answers(cell) ? `${whole(low)}–${whole(high)}` : undefined
      return [doubtful(cell, whole(cell.resetsPerMillion)), interval]
    },
  },
  {
    head: 'p99 ms',
    about:
      'Of connections that began while reloads were made, and the slowest; one that timed out is as slow as it waited.',
    text: ({ latencyMs }) => [decimal(latencyMs.p99), `max ${decimal(latencyMs.max)}`],
  },
  {
    head: 'Slow',
    about: 'Of them, those that ended well, but took longer than the threshold of the load.',
    text: (cell) => [whole(cell.slow), `of ${whole(cell.priced)}`],
  },
  {
    head: 'Conn/s',
    about:
      'Connections answered a second while reloads were made, and in the quiet second before; of kept connections their requests.',
    text: ({ throughput, quietThroughput }) => [
      whole(throughput),
      quietThroughput === null ? undefined : `quiet ${whole(quietThroughput)}`,
    ],
  },
  {
    head: 'Reload ms',
    about: 'How long a reload took with all its commands: the median, and the longest.',
    text: ({ reloads, reloadMs }) => (reloads === 0 ? ['-'] : [decimal(reloadMs.p50), `max ${decimal(reloadMs.max)}`]),
  },
]

/** What the sums under two of its numbers are made of. */
export const SUMS_NOTE =
  'Under resets: before the request was sent + after it. Under otherwise lost: refused + all else (timed out, cut short, other).'

const PRICE: SummaryColumn = {
  head: 'Price',
  about:
    'What stands out against none, or against no-reload where none refuses connections. Reported for the load half where there is one.',
  text: (cell, { priceBase, tellsPrice }) => [(tellsPrice && priceText(cell, priceBase)) || '-'],
}

/** The columns of a result; of several runs, with the change against the first. */
function columnsOf(some: Group[], all: Group[]): SummaryColumn[] {
  const first = all[0]?.first
  const columns = some.some(({ tellsPrice }) => tellsPrice) ? [...COLUMNS, PRICE] : COLUMNS
  if (first === undefined || all.every(({ run }) => run === first)) return columns
  const againstFirst: SummaryColumn = {
    head: `vs ${first}`,
    about: `Change against the same case in the run ${first}, on the same kernel and load if it has it; p by the exposed reloads and the boots.`,
    text: (cell, group) => against(cell, inFirstRun(cell, group, all)),
  }
  return columns.toSpliced(2, 0, againstFirst)
}

/**
 * A row a cell, also of those that failed or were skipped.
 *
 * @param some the groups that are wanted
 * @param all the groups of the result
 */
export function summaryTable(some: Group[], all: Group[]): Table {
  const columns = columnsOf(some, all)
  return {
    head: [
      'case',
      ...whereColumn(some, 'where'),
      'verdict',
      ...columns.map(({ head: text, about }) => ({ text, about })),
    ],
    rows: some.flatMap((group) => [
      ...group.cells.map((cell) => [
        cell.case,
        ...whereColumn(some, group.label),
        { text: '', badges: badgesOf(cell) },
        ...(isMeasured(cell)
          ? columns.map(({ text: textOf }) => {
              const [text, detail] = textOf(cell, group)
              return { text, detail }
            })
          : [{ text: 'no numbers', about: cell.reason }]),
      ]),
      ...group.skipped.map(({ case: name, reason }) => [
        name,
        ...whereColumn(some, group.label),
        { text: '', badges: [{ word: 'skipped' as const, why: reason }] },
        { text: 'not run', about: reason },
      ]),
    ]),
  }
}
