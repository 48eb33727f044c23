import { type Misjudged, misjudged } from '../../measure/doubts/misjudged.ts'
import { percent } from '../../measure/words.ts'
import { proxyName } from '../../model/cell.ts'
import { isMeasured, type Result } from '../../model/result.ts'
import { whole } from '../../model/text/amounts.ts'
import type { Group } from './groups/groups.ts'

/** A load at a share of a capacity that was not what was carried, or that is uncertain. */
export interface MisjudgedLoad {
  group: Group
  text: string
  /** What the share came to: "30 % of it"; not told where the capacity is only uncertain. */
  detail?: string
}

/** The loads of a result that are not the share of what kernel and proxy carry that their name says, or may not be. */
export const misjudgedLoads = ({ capacities = [] }: Result, all: Group[]): MisjudgedLoad[] =>
  all.flatMap((group): MisjudgedLoad[] => {
    const { rate, capacity } = group.load
    const [cell] = group.cells.filter(isMeasured)
    if (!cell || rate === null || capacity === null) return []
    const run = all.flatMap((other) => (other.run === group.run ? other.cells.filter(isMeasured) : []))
    const amiss = misjudged(cell, run)
    const found = capacities.find(
      (one) =>
        one.kernel === group.kernel && one.proxy === proxyName(group.proxy) && one.perSecond === cell.load.capacity,
    )
    return [
      ...(amiss
        ? [{ group, text: amissText(amiss), detail: `${percent(cell.load.rate! / amiss.carried)} of it` }]
        : []),
      ...(found?.unsettled
        ? [{ group, text: `${capacityText(found.perSecond)}, is uncertain: ${found.unsettled}` }]
        : []),
    ]
  })

const capacityText = (perSecond: number) => `its capacity, ${whole(perSecond)} connections a second`

function amissText({ capacity, carried, by, load }: Misjudged): string {
  const who = by ? `${by} under ${load}` : `boots under ${load} before their first reload`
  const how = capacity < carried ? 'weaker' : 'stronger'
  return `${capacityText(capacity)}, is ${percent(capacity / carried)} of the ${whole(carried)} that ${who} carried, so that the load is ${how} than its name says`
}
