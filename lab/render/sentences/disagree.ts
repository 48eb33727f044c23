import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { list } from '../../model/text/amounts.ts'
import { comparable, knownToLoseMore, lost } from '../facts/cells/account.ts'
import { change } from '../facts/change.ts'
import type { Group } from '../facts/groups/groups.ts'
import { type Place, placesOf } from '../facts/groups/places.ts'
import { name, type Words } from './words.ts'

/** With more loads a picture shows it better. */
const MOST_LOADS = 3

/** How a mitigation compares with `none` under one load: sure to differ, or not; undefined where they cannot be compared. */
type Relation = 'fewer' | 'more' | 'unsure' | undefined

const RELATIONS: Record<NonNullable<Relation>, string> = {
  fewer: `fewer resets than ${name('none')}`,
  more: `more resets than ${name('none')}`,
  unsure: `not distinguishable from ${name('none')}`,
}

function relationOf(cell: MeasuredCell, base: MeasuredCell | undefined): Relation {
  const found = change(cell, base)
  if (!found) return undefined
  if (!found.sure || found.share === 0) return 'unsure'
  return found.share !== null && found.share < 0 ? 'fewer' : 'more'
}

/** What the loads of a place say of a case differently; undefined where they agree. */
function disagreement({ groups }: Place, title: string): string | undefined {
  const findings = groups.flatMap((group) =>
    group.cells
      .filter(isMeasured)
      .filter((cell) => cell.case === title && cell !== group.base && cell.reloads > 0 && comparable(cell))
      .map((cell) => ({ cell, load: group.load.name, loses: lost(cell) > 0, relation: relationOf(cell, group.base) })),
  )
  const told = (words: (finding: (typeof findings)[number]) => string) =>
    list(findings.map((finding) => `${words(finding)} under ${finding.load}`))
  const cells = (losing: boolean) => findings.flatMap(({ cell, loses }) => (loses === losing ? cell : []))
  if (new Set(findings.map(({ loses }) => loses)).size > 1 && knownToLoseMore(cells(true), cells(false)))
    return told(({ loses }) => (loses ? 'connections lost' : 'nothing lost'))
  const relations = new Set(findings.flatMap(({ relation }) => relation ?? []))
  if (!findings.some(({ loses }) => loses) || relations.size < 2) return undefined
  if (!relations.has('fewer') && !relations.has('more')) return undefined
  return told(({ relation }) => (relation ? RELATIONS[relation] : 'no comparison'))
}

/**
 * A sentence for each mitigation about which the loads disagree: it is known to lose under one of them only, or to be
 * better or worse than `none` under one and not under the other.
 */
export function disagreements(all: Group[]): Words[] {
  const places = placesOf(all).filter(({ groups }) => groups.length > 1 && groups.length <= MOST_LOADS)
  const cases = [
    ...new Set(places.flatMap(({ groups }) => groups.flatMap(({ cells }) => cells.map((cell) => cell.case)))),
  ]
  return cases.flatMap((title) => {
    const found = places.map((place) => ({ label: place.label, words: disagreement(place, title) }))
    const kinds = [...new Set(found.flatMap(({ words }) => words ?? []))].map((words) => {
      const labels = found.filter((one) => one.words === words).map(({ label }) => label)
      return `${labels.length === places.length ? '' : `on ${list(labels)} `}${words}`
    })
    return kinds.length > 0 ? [`The loads disagree about ${name(title)}: ${kinds.join('; ')}.`] : []
  })
}
