import { hitsByBoot, lossyShare } from '../../measure/measure.ts'
import type { Boot, CaseFacts, MeasuredCell, Result } from '../../model/result.ts'
import { whole } from '../../model/text/amounts.ts'
import { ceilingOf } from '../facts/cells/account.ts'
import { factsOfCase } from '../facts/cells/cases.ts'
import { maxacceptText } from '../facts/cells/conditions.ts'
import { bound, decimal, interval, percent, secondsOf } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import { type Column, cellTable } from './columns.ts'

const orDash = <T>(value: T | null, text: (value: T) => string | number) => (value === null ? '-' : text(value))

const LOADING: Column[] = [
  ['connections', ({ load }) => (load.rate === null ? load.users : `≤\u00a0${whole(load.users)}`)],
  ['arrivals a second', ({ load }) => orDash(load.rate, whole)],
  ['maxaccept', ({ proxy }) => maxacceptText(proxy.maxaccept)],
  ['limited by', ({ limitedBy }) => limitedBy ?? 'not known'],
  ['CPU of the proxy', ({ cpu }) => orDash(cpu.proxy, percent)],
  ['CPU of the generator', ({ cpu }) => orDash(cpu.generator, percent)],
  ['in flight, mean', ({ inFlight }) => orDash(inFlight, ({ mean }) => decimal(mean))],
  ['in flight, most', ({ inFlight }) => orDash(inFlight, ({ max }) => max)],
  ['held, mean', ({ held }) => orDash(held, ({ mean }) => decimal(mean))],
  ['held, most', ({ held }) => orDash(held, ({ max }) => max)],
  ['capped', cappedText],
  ['boots', bootsText],
  ['resets per reload by boot', byBootText],
]

/** The load that each cell met, what limited it, and how its boots differ. */
export const loading = (group: Pick<Group, 'cells'>) => cellTable(group, LOADING)

/** "2"; until sure: "2 of 10, decided after 1, 9 s" */
function bootsText(cell: MeasuredCell) {
  const { boots, mostBoots, decidedAfter } = cell
  if (mostBoots === null) return boots
  const decided = decidedAfter === null ? 'not decided' : `decided after ${decidedAfter}`
  return `${boots} of ${mostBoots}, ${decided}, ${whole(secondsOf(cell))} s`
}

/** The share of reloads at the ceiling, and where that is: "30.4 % at 76". */
function cappedText(cell: MeasuredCell) {
  return orDash(cell.capped, (share) => (share === 0 ? '0' : `${percent(share)} at ${whole(ceilingOf(cell))}`))
}

/** "33.1 / 34.5" */
export function byBootText({ byBoot, reloads }: MeasuredCell) {
  return reloads === 0 ? '-' : byBoot.map(({ resetsPerReload }) => decimal(resetsPerReload)).join(' / ')
}

/** Whether the reloads had anything to lose, whether the case acted, and what it says that it may cost. */
export const evidence = (group: Pick<Group, 'cells'>, { cases }: Pick<Result, 'cases'>) => {
  const factsOf = (cell: MeasuredCell) => factsOfCase({ cases }, cell.case, cell.proxy.name)
  return cellTable(group, [
    ['reloads', (cell) => cell.reloads],
    ['exposed', (cell) => cell.exposed ?? 'not known'],
    ['lost anything', lossyText],
    ['proof that it acted', (cell) => proofText(cell, factsOf(cell)?.proof)],
    ['price declared', (cell) => declaredText(factsOf(cell)?.price)],
    ['service at the end', serviceText],
  ])
}

/** Requests at the end that were answered: "64 of 64, 32 per boot". */
const serviceText = ({ service, boots }: MeasuredCell) =>
  orDash(service, ({ asked, answered }) => {
    const each = boots > 1 ? `, ${decimal(asked / boots, asked % boots ? 1 : 0)} per boot` : ''
    return `${whole(answered)} of ${whole(asked)}${each}`
  })

/** Reloads that lost any, and their share of the exposed: "60: 93.8 % (84.8–98.3)" */
function lossyText(cell: MeasuredCell): string {
  if (cell.reloads === 0) return '-'
  const { share, low, high } = lossyShare(cell)
  const count = hitsByBoot(cell).flat().filter(Boolean).length
  if (count > 0) return `${whole(count)}: ${percent(share)} (${interval(100 * low, 100 * high)})`
  const most = bound(cell)
  return most ? `0 (${most})` : '0'
}

function proofText({ proof }: MeasuredCell, shows: string | undefined): string {
  if (!proof) return shows ?? '-'
  const { value, byReload } = proof
  const each = byReload ? `, ${whole(Math.min(...byReload))} to ${whole(Math.max(...byReload))} per reload` : ''
  return `${shows ? `${shows}: ` : ''}${whole(value)}${each}`
}

/** "slow, timeouts, 95 % of throughput" */
function declaredText({ throughput, ...price }: NonNullable<CaseFacts['price']> = {}): string {
  const kinds = Object.keys(price)
  return (throughput === undefined ? kinds : [...kinds, `${percent(throughput)} of throughput`]).join(', ') || '-'
}

/** What the boots of a cell say: once where it is the same, else one after the other. */
const inBoots =
  (text: (boot: Boot) => string | number) =>
  ({ eachBoot }: MeasuredCell) => {
    const each = eachBoot.map((boot) => String(text(boot)))
    return new Set(each).size === 1 ? each[0]! : each.join(' / ')
  }

const RUNS: Column[] = [
  ['reloads a second', (cell) => decimal(cell.reloadsPerSecond)],
  ['begun a second', (cell) => cell.begunPerSecond],
  [
    'queues short again after ms',
    ({ drainMs }) => orDash(drainMs, ({ p50, max }) => `${decimal(p50)} (max ${decimal(max)})`),
  ],
  ['due, not begun', (cell) => (cell.load.rate === null ? '-' : cell.waiting)],
  ['resets before the first', (cell) => cell.resetsBeforeReloads],
  ['proxy on CPU', inBoots(({ pins }) => pins.proxy)],
  ['generator on CPU', inBoots(({ pins }) => pins.generator)],
  ['vCPU threads on', inBoots(({ pins }) => pins.vcpus.join(', ') || '-')],
  ['waited for a CPU', inBoots(({ waited }) => orDash(waited, percent))],
  ['stolen', inBoots(({ stolen }) => orDash(stolen, percent))],
  ['spin µs', ({ spinUs }) => orDash(spinUs, whole)],
  ['clock', inBoots(({ clocksource }) => clocksource ?? '-')],
  [
    'boot ms',
    inBoots(({ bootMs, starts }) => orDash(bootMs, (ms) => `${whole(ms)}${starts > 1 ? ` (start ${starts})` : ''}`)),
  ],
  ['seed', (cell) => String(cell.seed)],
]

const NETWORK: Column = ['network', ({ network }) => network]
const MACHINE: Column = ['machine', inBoots(({ machine }) => machine?.name ?? '-')]

/** How each cell ran: the reloads it got, where its parts ran, and how long they waited for a CPU. The network where any had another than the loopback, and the machine where there were several. */
export const runs = (group: Pick<Group, 'cells'>) =>
  cellTable(group, [
    ...(group.cells.every(({ network }) => network === 'loopback') ? [] : [NETWORK]),
    ...(group.cells.some(({ eachBoot }) => eachBoot.some(({ machine }) => machine?.name)) ? [MACHINE] : []),
    ...RUNS,
  ])
