import type { MeasuredCell } from '../../model/result.ts'
import { answers, lostOtherwise } from './account.ts'
import { type Change, ceiling, change, inFirstRun } from './change.ts'
import { decimal, doubtful, percent, perReload, probability, whole } from './format.ts'
import type { Cell, Group } from './groups.ts'

/** A column of the summary in report.md and report.html. */
export interface Column {
  head: string
  /** What it says, for those who ask. */
  about: string
  /** The main text, and what belongs to it. */
  text: (cell: MeasuredCell, group: Group) => [main: string, detail?: string]
}

const against = (cell: Cell, other: Cell | undefined): [string, string?] =>
  ceiling(cell, other) ? ['ceiling', 'not compared'] : changed(change(cell, other))

const changed = (to: Change | undefined): [string, string?] =>
  to === undefined ? ['-'] : [to.share === null ? 'from 0' : signed(to.share), probability(to.p)]

/** 0.12 → "+12.0 %", with the true minus sign. */
const signed = (share: number) => (share > 0 ? `+${percent(share)}` : share < 0 ? `−${percent(-share)}` : '0 %')

const COLUMNS: Column[] = [
  {
    head: 'Resets a reload',
    about:
      'Mean over the reloads, and its 95 % interval; with no reset at all, how many reloads were exposed, and below which share of them any can lose one.',
    text: perReload,
  },
  {
    head: 'vs none',
    about:
      'Change against the case none of the same kernel and load; p by the exposed reloads and the boots. Ceiling: either is at the most that its load can lose.',
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
    head: 'inject errs',
    about: "What the article's tool would have printed as errs.",
    text: (cell) => [whole(cell.injectErrs)],
  },
  {
    head: 'Otherwise lost',
    about: 'Refused (SYNs answered with RST) + timeouts, responses cut short, and all else.',
    text: (cell) => [
      whole(cell.refused + lostOtherwise(cell)),
      `${whole(cell.refused)} + ${whole(lostOtherwise(cell))}`,
    ],
  },
  {
    head: 'Resets a million',
    about: 'Resets per million connections, and the 95 % interval.',
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
    about: 'Connections answered a second while reloads were made, and in the quiet second before.',
    text: ({ throughput, quietThroughput }) => [
      whole(throughput),
      quietThroughput === null ? undefined : `quiet ${whole(quietThroughput)}`,
    ],
  },
  {
    head: 'Reload ms',
    about: 'How long a reload took with all its commands, half of them less, and the longest.',
    text: ({ reloads, reloadMs }) => (reloads === 0 ? ['-'] : [decimal(reloadMs.p50), `max ${decimal(reloadMs.max)}`]),
  },
  {
    head: 'Connections',
    about: 'Begun by the generator.',
    text: (cell) => [whole(cell.connections)],
  },
]

/** The columns of a result; of several runs, with the change against the first. */
export function columns(all: Group[]): Column[] {
  const first = all[0]?.first
  if (first === undefined || all.every(({ run }) => run === first)) return COLUMNS
  const againstFirst: Column = {
    head: `vs ${first}`,
    about: `Change against the same case in the run ${first}, on the same kernel and load if it has it; p by the exposed reloads and the boots.`,
    text: (cell, group) => against(cell, inFirstRun(cell, group, all)),
  }
  return COLUMNS.toSpliced(2, 0, againstFirst)
}
