import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { costless, price } from '../sentences/price.ts'
import { atCeiling } from './account.ts'
import { decimal, whole } from './format.ts'
import { type Group, type Place, places } from './groups.ts'
import type { Field } from './matrix.ts'

/** With more loads than that they do not stand side by side. */
const MOST_LOADS = 4

/** A case under each of the loads of a place. */
export interface BesideRow {
  case: string
  fields: Field[]
  /** What it costs under the load of which prices are told; nothing where nothing can be said. */
  price: string[]
}

/** The loads of one kernel and proxy, side by side. */
export interface Beside {
  place: Place
  /** The load of which prices are told; none where there are several. */
  priced?: Group
  rows: BesideRow[]
}

/** The places that were measured under several loads, but not under so many that only a picture can show them. */
export function sideBySide(all: Group[]): Beside[] {
  return places(all)
    .filter(({ groups }) => groups.length > 1 && groups.length <= MOST_LOADS)
    .map((place) => {
      const priced = place.groups.filter((group) => group.priced)
      const group = priced.length === 1 ? priced[0] : undefined
      const cases = [
        ...new Set(place.groups.flatMap(({ cells, skipped }) => [...cells, ...skipped].map((one) => one.case))),
      ]
      return {
        place,
        priced: group,
        rows: cases.map((name) => ({
          case: name,
          fields: place.groups.map((group) => fieldOf(group, name)),
          price: group ? priceOf(group, name) : [],
        })),
      }
    })
}

function fieldOf({ cells, skipped }: Group, name: string): Field {
  const cell = cells.find((found) => found.case === name)
  const reason = skipped.find((found) => found.case === name)
  return cell ? { cell } : reason && { skipped: reason }
}

function priceOf(group: Group, name: string): string[] {
  const cell = group.cells.find((found) => found.case === name)
  if (!cell || !isMeasured(cell) || cell === group.base || cell.reloads === 0) return []
  return costless(cell, group.base) ? ['no measurable cost'] : price(cell, group.base)
}

/** What a load is, below its name: "80 connections", "2,738 of 5,476 connections a second". */
export function loadDetail({ load }: Group): string {
  if (load.rate === null) return `closed loop, ${whole(load.users)} connections`
  const of = load.capacity === null ? '' : ` of ${whole(load.capacity)}`
  return `open loop, ${whole(load.rate)}${of} connections a second`
}

/** Whether a number is the load's, in a word. */
export const ceilingWord = (cell: MeasuredCell) =>
  atCeiling(cell) ? [`at the ceiling of ${decimal(cell.load.users - cell.proxy.maxaccept, 0)}`] : []
