import type { MeasuredCell } from '../measure/result.ts'
import { answers, lostOtherwise } from './account.ts'
import { decimal, doubtful, percent, perReload, probability, whole } from './format.ts'
import { type Change, change, type Group, inFirstRun } from './groups.ts'

/** A column of the summary in report.md and report.html. */
export interface Column {
  head: string
  /** What it says, for those who ask. */
  about: string
  /** The main text, and what belongs to it. */
  text: (cell: MeasuredCell, group: Group) => [main: string, detail?: string]
}

const changed = (to: Change | undefined): [string, string?] =>
  to === undefined ? ['-'] : [to.share === null ? 'from 0' : signed(to.share), probability(to.p)]

/** 0.12 → "+12.0 %", with the true minus sign. */
const signed = (share: number) => (share > 0 ? `+${percent(share)}` : share < 0 ? `−${percent(-share)}` : '0 %')

const COLUMNS: Column[] = [
  {
    head: 'Resets a reload',
    about: 'Mean over the reloads, and its 95 % interval; with no reset at all, the upper bound.',
    text: perReload,
  },
  {
    head: 'vs none',
    about: 'Change against the case none of the same kernel and load; p by a permutation test over the reloads.',
    text: (cell, { base }) => changed(change(cell, base)),
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
      const bound = cell.resetsPerMillion === 0 ? `below ${whole(high)}` : `${whole(low)}–${whole(high)}`
      return [doubtful(cell, whole(cell.resetsPerMillion)), answers(cell) ? bound : undefined]
    },
  },
  { head: 'p99 ms', about: 'Of the connections that ended well.', text: (cell) => [decimal(cell.latencyMs.p99)] },
  { head: 'Max ms', about: 'The slowest connection.', text: (cell) => [decimal(cell.latencyMs.max)] },
  {
    head: 'Slow',
    about: 'Connections that took longer than the threshold of the load.',
    text: (cell) => [whole(cell.slow)],
  },
  { head: 'Conn/s', about: 'Connections that ended well, a second.', text: (cell) => [whole(cell.throughput)] },
  {
    head: 'Connections',
    about: 'Begun by the generator, during so many reloads.',
    text: (cell) => [whole(cell.connections), cell.reloads === 0 ? 'no reloads' : `${whole(cell.reloads)} reloads`],
  },
]

/** The columns of a result; of several runs, with the change against the first. */
export function columns(all: Group[]): Column[] {
  const first = all[0]?.first
  if (first === undefined || all.every(({ run }) => run === first)) return COLUMNS
  const againstFirst: Column = {
    head: `vs ${first}`,
    about: `Change against the same case in the run ${first}, on the same kernel if it has it; p by a permutation test over the reloads.`,
    text: (cell, group) => changed(change(cell, inFirstRun(cell, group, all))),
  }
  return COLUMNS.toSpliced(2, 0, againstFirst)
}
