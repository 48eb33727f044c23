import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { comparable, lost } from '../facts/account.ts'
import { ceiling, change } from '../facts/change.ts'
import { list, percent, perReload, probability, zero } from '../facts/format.ts'
import { type Group, type Place, places } from '../facts/groups.ts'
import { name, type Words } from './words.ts'

/** A mitigation under one load: whether it loses, and how it stands to `none` there. */
interface Stand {
  group: Group
  cell: MeasuredCell
  loses: boolean
  /** Against `none` by p; nothing where no comparison may be made. */
  versus: 'fewer' | 'more' | 'unsure' | 'ceiling' | undefined
}

/** With more loads than that a picture says it better. */
const MOST_LOADS = 3

function standOf(group: Group, cell: MeasuredCell): Stand {
  const difference = change(cell, group.base)
  const sure = difference !== undefined && difference.p < 0.05 && difference.share !== 0
  const way = difference?.share === null || (difference?.share ?? 0) > 0 ? 'more' : 'fewer'
  const hidden = ceiling(cell, group.base) ? ('ceiling' as const) : undefined
  return { group, cell, loses: lost(cell) > 0, versus: difference ? (sure ? way : 'unsure') : hidden }
}

/** What the loads of a place say of a case differently, in words with and without numbers; nothing where they agree. */
function disagreement({ groups }: Place, of: string): { short: string; long: string } | undefined {
  const stands = groups.flatMap((group) =>
    group.cells
      .filter(isMeasured)
      .filter((cell) => cell.case === of && cell !== group.base && cell.reloads > 0 && comparable(cell))
      .map((cell) => standOf(group, cell)),
  )
  const told = (words: (stand: Stand) => string) =>
    list(stands.map((stand) => `${words(stand)} under ${stand.group.load.name}`))
  if (new Set(stands.map(({ loses }) => loses)).size > 1)
    return {
      short: told(({ loses }) => (loses ? 'connections lost' : 'nothing lost')),
      long: told(({ loses, cell }) => {
        if (!loses) return `nothing lost (${zero(cell)})`
        return cell.resets > 0 ? `${perReload(cell)[0]} resets a reload` : 'connections lost'
      }),
    }
  const ways = new Set(stands.flatMap(({ versus }) => versus ?? []))
  if (!stands.some(({ loses }) => loses) || ways.size < 2 || !(ways.has('fewer') || ways.has('more'))) return undefined
  return { short: told(shortly), long: told(fully) }
}

function shortly({ versus }: Stand): string {
  if (versus === 'ceiling') return 'nothing can be told at the ceiling'
  if (versus === undefined) return 'no comparison'
  return versus === 'unsure' ? `not distinguishable from ${name('none')}` : `${versus} resets than ${name('none')}`
}

function fully(stand: Stand): string {
  const difference = change(stand.cell, stand.group.base)
  if (difference?.share == null) return shortly(stand)
  const size = stand.versus === 'unsure' ? '' : `${percent(Math.abs(difference.share))} `
  return `${size}${shortly(stand)} (${probability(difference.p)})`
}

/**
 * A sentence for each mitigation about which the loads disagree: it loses under one of them only, or is sure to be
 * better or worse than `none` under one and not under the other.
 */
export function disagreements(all: Group[]): Words[] {
  const several = places(all).filter(({ groups }) => groups.length > 1 && groups.length <= MOST_LOADS)
  const cases = [
    ...new Set(several.flatMap(({ groups }) => groups.flatMap(({ cells }) => cells.map((cell) => cell.case)))),
  ]
  return cases.flatMap((of) => {
    const found = several.flatMap((place) => {
      const words = disagreement(place, of)
      return words ? [{ place, ...words }] : []
    })
    if (found.length === 0) return []
    const lead = `The loads disagree about ${name(of)}: `
    if (several.length === 1) return [`${lead}${found[0]!.long}.`]
    const kinds = [...new Set(found.map(({ short }) => short))].map((short) => {
      const its = found.filter((one) => one.short === short)
      return `${its.length === several.length ? '' : `on ${list(its.map(({ place }) => place.label))} `}${short}`
    })
    return [`${lead}${kinds.join('; ')}.`]
  })
}
