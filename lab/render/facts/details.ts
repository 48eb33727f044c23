import { disagreements } from '../../measure/numbers/reconcile.ts'
import { type Boot, type CaseFacts, isMeasured, type MeasuredCell } from '../../model/result.ts'
import { CAUSES, ceilingOf, type Flag, flags, hidden, lost } from './account.ts'
import { bound, decimal, list, percent, whole } from './format.ts'
import type { Group } from './groups.ts'

/** A table of text: the first column names the row, the others are numbers. */
export interface Grid {
  head: string[]
  rows: string[][]
}

const gridOf = (cells: MeasuredCell[], columns: [head: string, text: (cell: MeasuredCell) => string][]): Grid => ({
  head: ['case', ...columns.map(([head]) => head)],
  rows: cells.map((cell) => [cell.case, ...columns.map(([, text]) => text(cell))]),
})

/** The strict account beside that of the article's tool. */
export const accounts = ({ cells }: Group): Grid =>
  gridOf(cells.filter(isMeasured), [
    ['connections', (cell) => whole(cell.connections)],
    ['=\u00a0ok', (cell) => whole(cell.ok)],
    ['+\u00a0reset before the request', (cell) => whole(cell.resetsBeforeRequest)],
    ['+\u00a0reset after it', (cell) => whole(cell.resetsAfterRequest)],
    ['+\u00a0refused', (cell) => whole(cell.refused)],
    ['+\u00a0timeouts', (cell) => whole(cell.timeouts)],
    ['+\u00a0short', (cell) => whole(cell.short)],
    ['+\u00a0other', (cell) => whole(cell.other)],
    ['lost (strict)', (cell) => whole(lost(cell))],
    ['errs (inject)', (cell) => whole(cell.injectErrs)],
    ['hits (inject)', (cell) => whole(cell.injectHits)],
    ['resets that inject hides', (cell) => whole(hidden(cell))],
  ])

/** The three counts of resets, and the packets behind them. Whether they agree is said in measure/reconcile.ts alone. */
export const threeCounts = ({ cells }: Pick<Group, 'cells'>): Grid =>
  gridOf(cells.filter(isMeasured), [
    ['generator: reset', (cell) => whole(cell.resets)],
    ['wire: drew a RST', (cell) => whole(cell.wire.resets)],
    ['kernel: OutRsts less what follows', (cell) => whole(cell.kernelResets)],
    ['agree', (cell) => (disagreements(cell).length === 0 ? 'yes' : 'NO')],
    ['OutRsts', (cell) => whole(cell.wire.outRsts)],
    ["−\u00a0the client's own", (cell) => whole(cell.wire.fromClient)],
    ['−\u00a0refusals', (cell) => whole(cell.wire.refusals)],
    ['−\u00a0repeated', (cell) => whole(cell.wire.repeated)],
    ['RSTs of the server on the wire', (cell) => whole(cell.wire.fromServer)],
    ['reset, but no RST', (cell) => whole(cell.wire.missing)],
    ['RST, but not reset', (cell) => whole(cell.wire.unmatched)],
  ])

/** Whether the reloads had anything to lose, whether the case did anything, and what it says that it may cost. */
export const evidence = ({ cells }: Group, facts: CaseFacts[]): Grid =>
  gridOf(cells.filter(isMeasured), [
    ['reloads', (cell) => whole(cell.reloads)],
    ['exposed', (cell) => (cell.exposed === null ? 'not known' : whole(cell.exposed))],
    ['lost anything', lossy],
    ['proof that it acted', (cell) => proved(cell, facts.find(({ name }) => name === cell.case)?.proof)],
    ['price declared', (cell) => declared(facts.find(({ name }) => name === cell.case)?.price)],
    ['service at the end', ({ service }) => (service ? `${service.answered} of ${service.asked}` : '-')],
  ])

/** The load that each cell met, what limited it, and how its boots differ. */
export const loading = ({ cells }: Pick<Group, 'cells'>): Grid =>
  gridOf(cells.filter(isMeasured), [
    ['connections', ({ load }) => (load.rate === null ? whole(load.users) : `≤\u00a0${whole(load.users)}`)],
    ['arrivals a second', ({ load }) => (load.rate === null ? '-' : whole(load.rate))],
    ['maxaccept', ({ proxy }) => (proxy.maxaccept < 0 ? 'all' : whole(proxy.maxaccept))],
    ['limited by', ({ limitedBy }) => limitedBy ?? 'not told'],
    ['CPU of the proxy', ({ cpu }) => (cpu.proxy === null ? '-' : percent(cpu.proxy))],
    ['CPU of the generator', ({ cpu }) => (cpu.generator === null ? '-' : percent(cpu.generator))],
    ['in flight, mean', ({ inFlight }) => (inFlight ? decimal(inFlight.mean) : '-')],
    ['in flight, most', ({ inFlight }) => (inFlight ? whole(inFlight.max) : '-')],
    ['held, mean', ({ held }) => (held ? decimal(held.mean) : '-')],
    ['held, most', ({ held }) => (held ? whole(held.max) : '-')],
    ['capped', cappedText],
    ['boots', ({ boots }) => whole(boots)],
    ['resets a reload by boot', byBootText],
  ])

/** The groups with those of their cells alone whose three counts of resets disagree. */
export const disagreeing = (all: Group[]): Group[] =>
  all
    .map((group) => ({
      ...group,
      cells: group.cells.filter(isMeasured).filter((cell) => disagreements(cell).length > 0),
    }))
    .filter(({ cells }) => cells.length > 0)

/** A grid of several groups in one: the second column names the group. */
export function together(all: Group[], of: (group: Group) => Grid): Grid {
  const grids = all.map((group) => ({ group, grid: of(group) }))
  const [first = '', ...others] = grids[0]?.grid.head ?? []
  return {
    head: [first, 'where', ...others],
    rows: grids.flatMap(({ group, grid }) => grid.rows.map(([name = '', ...rest]) => [name, group.label, ...rest])),
  }
}

/** The share of reloads at the ceiling, and where that is: "30.4 % at 76". */
export const cappedText = (cell: MeasuredCell) =>
  cell.capped === null ? '-' : cell.capped === 0 ? '0' : `${percent(cell.capped)} at ${whole(ceilingOf(cell))}`

/** "33.1 / 34.5" */
export const byBootText = ({ byBoot, reloads }: MeasuredCell) =>
  reloads === 0 ? '-' : byBoot.map(({ resetsPerReload }) => decimal(resetsPerReload)).join(' / ')

/** Reloads that lost any, and their share of the exposed: "60: 93.8 % (84.8–98.3)" */
function lossy(cell: MeasuredCell): string {
  if (cell.reloads === 0) return '-'
  const { share, low, high } = cell.lossyReloads
  const count = cell.resetsByReload.filter((resets) => resets > 0).length
  const most = bound(cell)
  if (count === 0) return most ? `0 (${most})` : '0'
  return `${whole(count)}: ${percent(share)} (${decimal(100 * low)}–${decimal(100 * high)})`
}

function proved({ proof }: MeasuredCell, shows: string | undefined): string {
  if (!proof) return shows ?? '-'
  const { value, byReload } = proof
  const each = byReload ? `, ${whole(Math.min(...byReload))} to ${whole(Math.max(...byReload))} a reload` : ''
  return `${shows ? `${shows}: ` : ''}${whole(value)}${each}`
}

/** "slow, timeouts, 95 % of the connections a second" */
function declared({ throughput, ...price }: NonNullable<CaseFacts['price']> = {}): string {
  const parts = Object.keys(price)
  return (throughput === undefined ? parts : [...parts, `${percent(throughput)} of throughput`]).join(', ') || '-'
}

/** What its boots say of a cell: once where it is the same, else one after the other. */
const inBoots =
  (text: (boot: Boot) => string) =>
  ({ eachBoot }: MeasuredCell) => {
    const each = eachBoot.map(text)
    return new Set(each).size === 1 ? each[0]! : each.join(' / ')
  }

/** How each cell ran: the reloads it got, where its parts ran, and how long they waited for a CPU. */
export const runs = ({ cells }: Group): Grid =>
  gridOf(cells.filter(isMeasured), [
    ['reloads a second', (cell) => decimal(cell.reloadsPerSecond)],
    ['begun a second', (cell) => whole(cell.begunPerSecond)],
    ['due, not begun', (cell) => (cell.load.rate === null ? '-' : whole(cell.waiting))],
    ['resets before the first', (cell) => whole(cell.resetsBeforeReloads)],
    ['proxy on CPU', inBoots(({ pins }) => pins.proxy)],
    ['generator on CPU', inBoots(({ pins }) => pins.generator)],
    ['vCPU threads on', inBoots(({ pins }) => pins.vcpus.join(', ') || '-')],
    ['waited for a CPU', inBoots(({ waited }) => (waited === null ? '-' : percent(waited)))],
    ['stolen', inBoots(({ stolen }) => (stolen === null ? '-' : percent(stolen)))],
    ['spin µs', ({ spinUs }) => (spinUs === null ? '-' : whole(spinUs))],
    ['clock', inBoots(({ clocksource }) => clocksource ?? '-')],
    [
      'boot ms',
      inBoots(({ bootMs, starts }) =>
        bootMs === null ? '-' : `${whole(bootMs)}${starts > 1 ? ` (start ${starts})` : ''}`,
      ),
    ],
    ['seed', (cell) => String(cell.seed)],
  ])

/** What disturbed cells, by kind, in words: "none on 4.9: its CPUs were taken by others 23 % of the time". */
export function disturbed(all: Group[]): { word: Flag['word']; cells: string[] }[] {
  const found = all.flatMap(({ label, cells }) =>
    cells.flatMap((cell) =>
      flags(cell).map((flag) => ({ ...flag, where: all.length > 1 ? `${cell.case} on ${label}` : cell.case })),
    ),
  )
  return (['noisy', 'overloaded'] as const).flatMap((word) => {
    const cells = found.filter((flag) => flag.word === word).map(({ where, why }) => (why ? `${where}: ${why}` : where))
    return cells.length ? [{ word, cells }] : []
  })
}

const PARTS = [
  ['before', 'commands before it'],
  ['reload', 'reload, in which the new proxy binds'],
  ['after', 'commands after it'],
  ['closing', 'until the old listener is closed'],
  ['settling', '30 ms after it is closed'],
  ['pause', 'pause until the next'],
] as const

/** Resets by the part of the reload in which they came; no rows where that was not recorded or nothing was reset. */
export const parts = (all: Group[]): Grid => byKind(all, PARTS, (cell) => cell.resetsByPart)

/** What reset connections, case by case; no rows where nothing was reset. */
export const causes = (all: Group[]): Grid => byKind(all, CAUSES, (cell) => cell.causes)

function byKind<K extends string>(
  all: Group[],
  kinds: readonly (readonly [K, string])[],
  countsOf: (cell: MeasuredCell) => Record<K, number>,
): Grid {
  const several = all.length > 1
  const rows = all.flatMap(({ label, cells }) =>
    cells.filter(isMeasured).flatMap((cell) => {
      const counts = kinds.map(([kind]) => countsOf(cell)[kind])
      const total = counts.reduce((sum, count) => sum + count, 0)
      if (total === 0) return []
      const shares = counts.map((count) => (count === 0 ? '0' : `${whole(count)} (${percent(count / total)})`))
      return [[cell.case, ...(several ? [label] : []), whole(total), ...shares]]
    }),
  )
  return { head: ['case', ...(several ? ['where'] : []), 'resets', ...kinds.map(([, words]) => words)], rows }
}

/** Files in the folder of a cell. */
export const FILES = ['events.jsonl', 'console.log', 'command.txt']

/** What a case's commands are, by moment, ready to be shown as a script. */
export const script = (commands: Record<string, string[]>) =>
  Object.entries(commands)
    .filter(([, lines]) => lines.length > 0)
    .map(([moment, lines]) => `# ${moment}\n${lines.join('\n')}`)
    .join('\n')

/** Cells whose verdict must be seen: all but the expected ones. */
export const conspicuous = (all: Group[]) =>
  all.flatMap((group) => group.cells.filter(({ verdict }) => verdict !== 'expected').map((cell) => ({ group, cell })))

/** "a and b", of the runs that were merged; nothing for a single run. */
export const runNames = (labels: string[] | undefined) => (labels ? list([...new Set(labels)]) : undefined)
