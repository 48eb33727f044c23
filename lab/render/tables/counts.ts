import { disagreements } from '../../measure/numbers/account/reconcile.ts'
import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { whole } from '../../model/text/amounts.ts'
import { CAUSES, causeText, hidden, lost } from '../facts/cells/account.ts'
import { decimal, percent } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import { type Column, cellTable, whereColumn } from './columns.ts'
import type { Table } from './table.ts'

const ACCOUNTS: Column[] = [
  ['connections', (cell) => cell.connections],
  ['=\u00a0ok', (cell) => cell.ok],
  ['+\u00a0reset before the request', (cell) => cell.resetsBeforeRequest],
  ['+\u00a0reset after it', (cell) => cell.resetsAfterRequest],
  ['+\u00a0refused', (cell) => cell.refused],
  ['+\u00a0timeouts', (cell) => cell.timeouts],
  ['+\u00a0short', (cell) => cell.short],
  ['+\u00a0other', (cell) => cell.other],
  ['lost (strict)', lost],
  ['errs (inject)', (cell) => cell.injectErrs],
  ['hits (inject)', (cell) => cell.injectHits],
  ['resets that inject hides', hidden],
]

/** The strict account beside that of the article's tool. */
export const accounts = (group: Pick<Group, 'cells'>) => cellTable(group, ACCOUNTS)

const COUNTS: Column[] = [
  ['generator: reset', (cell) => cell.resets],
  ['wire: drew a RST', (cell) => cell.wire.resets],
  ['kernel: OutRsts less what follows', (cell) => cell.kernelResets],
  ['agree', (cell) => (disagreements(cell).length === 0 ? 'yes' : 'NO')],
  ['OutRsts', (cell) => cell.wire.outRsts],
  ["−\u00a0the client's own", (cell) => cell.wire.fromClient],
  ['−\u00a0refusals', (cell) => cell.wire.refusals],
  ['−\u00a0repeated', (cell) => cell.wire.repeated],
  ['RSTs of the server on the wire', (cell) => cell.wire.fromServer],
  ['reset, but no RST', (cell) => cell.wire.missing],
  ['RST, but not reset', (cell) => cell.wire.unmatched],
]

/** The three counts of resets, and the packets behind them. Only measure/numbers/account/reconcile.ts says whether they agree. */
export const threeCounts = (group: Pick<Group, 'cells'>) => cellTable(group, COUNTS)

/** The groups that have cells whose three counts of resets disagree, with those cells alone. */
export const disagreeing = (all: Group[]): Group[] =>
  all
    .map((group) => ({
      ...group,
      cells: group.cells.filter(isMeasured).filter((cell) => disagreements(cell).length > 0),
    }))
    .filter(({ cells }) => cells.length > 0)

const PARTS = [
  ['before', 'commands before it'],
  ['reload', 'reload, in which the new proxy binds'],
  ['after', 'from the new proxy on, with the commands after it'],
  ['closing', 'until the old listener is closed'],
  ['settling', '30 ms after it is closed; later, what had begun before'],
  ['pause', 'pause until the next'],
] as const

/** Resets by the part of the reload in which they came; no rows where that is not known or nothing was reset. */
export const parts = (all: Group[]) => sharesTable(all, PARTS, (cell) => cell.resetsByPart)

/** What reset connections, case by case; no rows where nothing was reset. */
export const causes = (all: Group[]) => sharesTable(all, CAUSES, (cell) => cell.causes, causeText)

/** What became of the requests of kept connections, case by case; no rows where none were kept. */
export function keptTable(all: Group[]): Table {
  const rows = all.flatMap((group) =>
    group.cells.filter(isMeasured).flatMap(({ case: name, kept, resets, short, reloads }) => {
      if (!kept) return []
      const reused = kept.resets - kept.resetPosts - kept.resetIdle
      const each = reloads > 0 ? decimal(kept.resets / reloads) : '-'
      const numbers = [kept.requests, kept.answers, resets - kept.resets, reused, kept.resetPosts, kept.resetIdle]
      const empty = [kept.shorts, short - kept.shorts].map(whole)
      return [[name, ...whereColumn(all, group.label), ...numbers.map(whole), each, ...empty]]
    }),
  )
  const head = [
    'requests',
    'answered',
    'reset: new connections',
    'reset: reused, GET',
    'reset: reused, POST',
    'reset: reused, idle',
    'reused per reload',
    'empty replies: reused',
    'short: new',
  ]
  return { head: ['case', ...whereColumn(all, 'where'), ...head], rows }
}

function sharesTable<K extends string>(
  all: Group[],
  kinds: readonly (readonly [K, string])[],
  countsOf: (cell: MeasuredCell) => Record<K, number>,
  marked = (_cell: MeasuredCell, text: string) => text,
): Table {
  const rows = all.flatMap((group) =>
    group.cells.filter(isMeasured).flatMap((cell) => {
      const counts = kinds.map(([kind]) => countsOf(cell)[kind])
      const total = counts.reduce((sum, count) => sum + count, 0)
      if (total === 0) return []
      const shares = counts.map((count) =>
        marked(cell, count === 0 ? '0' : `${whole(count)} (${percent(count / total)})`),
      )
      return [[cell.case, ...whereColumn(all, group.label), whole(total), ...shares]]
    }),
  )
  return { head: ['case', ...whereColumn(all, 'where'), 'resets', ...kinds.map(([, words]) => words)], rows }
}
