import { type Carried, isThere, type Judged, judged } from '../../measure/doubts/misjudged.ts'
import { percent } from '../../measure/words.ts'
import { proxyName } from '../../model/cell.ts'
import type { Capacity } from '../../model/result/capacity.ts'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { counted, list, whole } from '../../model/text/amounts.ts'
import type { Group } from './groups/groups.ts'

/** A load at a share of a capacity that was not what was carried, or of which nothing tells for sure that it was. */
export interface DoubtedLoad {
  word: 'misjudged' | 'uncertain'
  group: Group
  text: string
  /** What the share came to, by the boots that tell: "30 to 34 % of it". */
  detail?: string
}

/** The loads of a result that are not the share of what kernel and proxy carry that their name says, or may not be. */
export const doubtedLoads = ({ capacities = [] }: Result, all: Group[]): DoubtedLoad[] =>
  all.flatMap((group): DoubtedLoad[] => {
    const cells = group.cells.filter(isMeasured)
    const [cell] = cells
    if (!cell || group.load.rate === null || group.load.capacity === null) return []
    const found = capacities.find(
      (one) =>
        one.kernel === group.kernel && one.proxy === proxyName(group.proxy) && one.perSecond === cell.load.capacity,
    )
    const of = judged(cell, besides(group, all, found), found?.machine)
    const uncertain = [...(found ? unsettled(found, cells) : []), ...unchecked(of)]
    return [
      ...amiss(cell, of).map((one) => ({ group, ...one })),
      ...uncertain.map((text) => ({ word: 'uncertain' as const, group, text })),
    ]
  })

/** The cells of its run, and those of its other shards that tell on which machine they were carried out, and since when. */
function besides({ run, first }: Group, all: Group[], found: Capacity | undefined): MeasuredCell[] {
  const isOfRun = (cell: MeasuredCell) =>
    first === undefined &&
    found?.machine.start !== undefined &&
    cell.eachBoot.every(({ machine }) => machine?.start !== undefined)
  return all.flatMap((other) => other.cells.filter(isMeasured).filter((cell) => other.run === run || isOfRun(cell)))
}

const capacityText = (perSecond: number) => `its capacity, ${whole(perSecond)} connections a second`

/** By what the run itself carried. */
function amiss({ load }: MeasuredCell, of: Judged | null): Omit<DoubtedLoad, 'group'>[] {
  if (of?.is !== 'misjudged' && of?.is !== 'uncertain') return []
  const detail = `${range(load.rate! / of.most, load.rate! / of.least, percent)} of it`
  return [{ word: of.is, text: amissText(of), detail }]
}

/** Two ends that read the same are one. */
function range(from: number, to: number, shown: (one: number) => string): string {
  const [least, most] = [shown(from), shown(to)]
  return least === most ? least : `${least.replace(' %', '')} to ${most}`
}

function amissText({ is, capacity, least, most, boots, by, load }: Carried & { is: DoubtedLoad['word'] }): string {
  const who = by ? `${by} under ${load}` : `boots under ${load} before their first reload`
  const how = capacity < least ? 'weaker' : 'stronger'
  const carried = range(least, most, whole)
  const said = `${capacityText(capacity)}, is ${range(capacity / most, capacity / least, percent)} of the ${carried} that ${who} carried in ${counted(boots, 'boot')}`
  return is === 'misjudged'
    ? `${said}, so that the load is ${how} than its name says`
    : `${said}: by some of them the load is another than its name says`
}

/** What was not sure when it was found out, or is not true of all machines of a load. */
function unsettled({ perSecond, unsettled, machine }: Capacity, cells: MeasuredCell[]): string[] {
  const boots = cells.flatMap(({ eachBoot }) => eachBoot)
  const elsewhere = boots.filter((boot) => !isThere(boot.machine, machine))
  const names = [...new Set(elsewhere.flatMap((boot) => boot.machine?.name ?? []))]
  const on = names.length ? list(names) : 'another machine'
  return [
    ...(unsettled ? [`${capacityText(perSecond)}, was not found out for sure: ${unsettled}`] : []),
    ...(elsewhere.length
      ? [
          `${capacityText(perSecond)}, was found out on ${machine.name ?? 'one machine'}, and ${elsewhere.length} of its ${counted(boots.length, 'boot')} ran on ${on}, of which it may be another share`,
        ]
      : []),
  ]
}

const unchecked = (of: Judged | null): string[] =>
  of?.is !== 'unchecked'
    ? []
    : [
        of.elsewhere
          ? 'its capacity was not checked: what tells it was carried out on other machines than the one that found it out'
          : 'its capacity was not checked: no other boots on that machine tell what is carried without reloads',
      ]
