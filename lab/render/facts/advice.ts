import { type CaseFacts, isMeasured, type MeasuredCell, type Result, type ResultCell } from '../../model/result.ts'
import { answers, atCeiling, lost, undisturbed } from './cells/account.ts'
import { factsOfCase } from './cells/cases.ts'
import type { Group } from './groups/groups.ts'
import { placesOf, severalKernels } from './groups/places.ts'
import { costless, isPriced, makesWait, price } from './price.ts'

/**
 * What an operator may do with a case, the best first.
 *   use     it lost nothing, and clients do not wait for it, see {@link makesWait}
 *   price   it lost nothing, and clients wait
 *   part    it lost nothing, but something disturbed one of its cells: whether clients wait there was not shown
 *   rare    it lost at most a tenth of what its control did, under each load
 *   open    nothing is decided: none was seen lost, or no more than is rare; or something disturbed all its cells
 *   no      it loses connections
 */
export const USES = ['use', 'price', 'part', 'rare', 'open', 'no'] as const
export type Use = (typeof USES)[number]

/** A case on one kernel with one proxy, under all loads. */
export interface Advised {
  name: string
  facts: CaseFacts
  use: Use
  /** One a load. */
  cells: ResultCell[]
  /** Connections lost in all of them, and the exposed reloads that had some to lose. */
  lost: number
  exposed: number
  /** What it costs where prices are told, a phrase each; empty where nothing can be told from its control. */
  price: string[]
  /** The cell that tells its price, beside that of its control and that of no reload at all; none where something disturbed either. */
  priced?: { cell: MeasuredCell; base: MeasuredCell; still?: MeasuredCell }
}

/** What may be said to an operator of one proxy on one kernel. */
export interface Advice {
  /** Tells it from the others of its result. */
  label: string
  kernel: string
  series: string
  proxy: ResultCell['proxy']
  /**
   * Without a mitigation: a cell a load, and the one in which a reload lost the most. One at the ceiling of its load comes
   * last: its number is that of the load.
   */
  control: MeasuredCell[]
  plain: MeasuredCell
  /** Its cells under all loads, those that lost nothing or failed among them. */
  plainCells: ResultCell[]
  /** The best first. */
  ranked: Advised[]
}

/** At most this share of what the control loses is rare. */
const RARE = 0.1

/** Lost connections an exposed reload; of reloads whose exposure is not known, a reload. */
const rate = (cell: MeasuredCell) => lost(cell) / Math.max(1, cell.exposed ?? cell.reloads)

/**
 * The advice of a result whose kernel is one, a proxy each; none where nothing was reloaded without a mitigation, nor of
 * experiments, whose loads ask other questions.
 */
export function adviceOf(result: Result, all: Group[]): Advice[] {
  if (severalKernels(all) || result.experiments.length > 0) return []
  return placesOf(all).flatMap(({ label, groups }) => {
    const [{ kernel, series, proxy }] = groups as [Group]
    const ranked = casesOf(groups).flatMap((name) => {
      const facts = factsOfCase(result, name, proxy.name)
      return facts && !facts.control && facts.replaces !== false ? [advised(facts, groups)] : []
    })
    const bases = groups.flatMap(({ base }) => (base && lost(base) > 0 ? [base] : []))
    const plain = bases.toSorted((a, b) => Number(atCeiling(a)) - Number(atCeiling(b)) || rate(b) - rate(a))[0]
    if (!plain || ranked.length === 0) return []
    const plainCells = groups.flatMap(({ cells }) => cells.filter((cell) => cell.case === plain.case))
    return [{ label, kernel, series, proxy, control: bases, plain, plainCells, ranked: ranked.toSorted(byUse) }]
  })
}

const casesOf = (groups: Group[]) => [...new Set(groups.flatMap(({ cells }) => cells.map((cell) => cell.case)))]

/** The loads under which nothing is decided of a case, and those under which something disturbed it. */
export const untoldOf = ({ cells }: Pick<Advised, 'cells'>): { open: string[]; disturbed: string[] } => {
  const isOpen = (cell: ResultCell) => !isMeasured(cell) || !answers(cell)
  return {
    open: cells.filter(isOpen).map(({ load }) => load.name),
    disturbed: cells.filter((cell) => !isOpen(cell) && !undisturbed(cell)).map(({ load }) => load.name),
  }
}

/** The best use first, and of one what nothing disturbed; then what costs nothing, what needs less, and what loses less. */
function byUse(a: Advised, b: Advised): number {
  const need = ({ facts: { needs = [] } }: Advised) => needs.length
  const each = ({ lost, exposed }: Advised) => lost / Math.max(1, exposed)
  return (
    USES.indexOf(a.use) - USES.indexOf(b.use) ||
    Number(untoldOf(a).disturbed.length > 0) - Number(untoldOf(b).disturbed.length > 0) ||
    (a.use === 'use' ? 0 : each(a) - each(b)) ||
    costly(a) - costly(b) ||
    need(a) - need(b) ||
    a.name.localeCompare(b.name)
  )
}

/** A price that is known to be none comes first, one that is not known last. */
const costly = ({ price, priced }: Advised) => (priced === undefined ? 2 : Number(price.length > 0))

function advised(facts: CaseFacts, groups: Group[]): Advised {
  const found = groups.flatMap((group) => {
    const cell = group.cells.find((one) => one.case === facts.name)
    return cell ? [{ group, cell }] : []
  })
  const measured = found.flatMap(({ group, cell }) => (isMeasured(cell) ? [{ group, cell }] : []))
  const telling = measured.filter(({ group }) => group.tellsPrice)
  const priced = telling.flatMap(({ group: { cells, priceBase: base }, cell }) => {
    const still = cells.filter(isMeasured).find((one) => one.reloads === 0 && undisturbed(one))
    return base && isPriced(cell, base) ? [{ cell, base, still }] : []
  })
  return {
    name: facts.name,
    facts,
    use: useOf(measured, found.length),
    cells: found.map(({ cell }) => cell),
    lost: measured.reduce((sum, { cell }) => sum + lost(cell), 0),
    exposed: measured.reduce((sum, { cell }) => sum + (cell.exposed ?? 0), 0),
    price: telling.flatMap(({ group: { priceBase }, cell }) =>
      costless(cell, priceBase) ? [] : price(cell, priceBase),
    ),
    priced: priced[0],
  }
}

/** @param all how many cells there are, those that failed among them */
function useOf(measured: { group: Group; cell: MeasuredCell }[], all: number): Use {
  const losing = measured.filter(({ cell }) => lost(cell) > 0)
  if (losing.length > 0) {
    const rare = losing.every(({ cell, group: { base } }) => base && rate(cell) <= RARE * rate(base))
    if (!rare) return 'no'
    return losing.every(({ cell }) => answers(cell)) ? 'rare' : 'open'
  }
  const decided = measured.filter(({ cell }) => answers(cell))
  // Where its control lost nothing there was nothing to decide; any other doubt is one about the case.
  const doubtful = measured.some(({ cell, group: { base } }) => !answers(cell) && !(base && lost(base) === 0))
  // A zero of a disturbed cell is a zero, but what disturbed it may have made its clients wait.
  const quiet = decided.filter(({ cell }) => undisturbed(cell))
  if (quiet.length === 0 || doubtful || measured.length < all) return 'open'
  if (quiet.some(({ cell }) => makesWait(cell))) return 'price'
  return quiet.length < decided.length ? 'part' : 'use'
}
