import { isMeasured, type Result } from '../../model/result.ts'
import { loadDetail, proxyTitle } from '../facts/cells/conditions.ts'
import { labelled } from '../facts/cells/labels.ts'
import { byVersion, type Group } from '../facts/groups/groups.ts'
import { big, placesOf } from '../facts/groups/places.ts'
import { KINDS_NOTE, kindsText } from '../facts/machines/machines.ts'
import { priceText } from '../facts/price.ts'
import { unavailable } from '../facts/remarks.ts'
import { aboutCase, type Comparison, type ComparisonSection, casesOf, groupedBy, outcomeOf } from './outcomes.ts'
import { casesByProxies, notesOnProxies } from './proxies.ts'

const LEGEND = [
  'Resets per reload and their 95 % interval.',
  'Under a zero: how many reloads were exposed, and the 95 % upper bound on the share that lose anything.',
  "'+ N': refused or otherwise lost per reload.",
]

/** The section that compares no kernels, runs or proxies, but the loads of each. */
export const LOAD_BY_LOAD = 'Load by load'

/** The comparisons that a result has; none of very many cells, which nobody reads so. */
export function comparisonSections(result: Result, all: Group[]): ComparisonSection[] {
  const mixed = kindsText(all) !== null
  return [
    { title: 'Kernels and cases', comparisons: big(all) ? [] : kernelsByCases(result, all) },
    {
      title: 'Proxies side by side',
      comparisons: big(all) ? [] : casesByProxies(result, all),
      notes: notesOnProxies(result, all),
    },
    { title: LOAD_BY_LOAD, comparisons: big(all) ? [] : casesByLoads(result, all) },
  ]
    .filter(({ comparisons }) => comparisons.length > 0)
    .map(({ notes = [], ...section }) => ({ ...section, notes: [...notes, ...(mixed ? [KINDS_NOTE] : [])] }))
    .map((section, i) => (i === 0 ? { ...section, legend: LEGEND } : section))
}

/** Kernels by cases, a table for each proxy: the oldest kernel first, unavailable kernels among them. */
function kernelsByCases(result: Result, all: Group[]): Comparison[] {
  const gone = unavailable(result)
  const byProxy = groupedBy(all, ({ proxy }) => proxyTitle(proxy))
  return byProxy
    .filter((groups) => placesOf(groups).length + gone.length > 1)
    .map((groups) => {
      const known = [...new Set(result.cases.map(({ name }) => name))]
      const found = casesOf(groups)
      const cases = [...known.filter((name) => found.includes(name)), ...found.filter((name) => !known.includes(name))]
      const rows = labelled(groups).map((group) => ({
        version: group.series,
        title: group.label,
        about: group.title,
        outcomes: cases.map((name) => outcomeOf(group, name)),
      }))
      const missing = gone.map(({ kernel, reason }) => ({
        version: kernel,
        title: kernel,
        outcomes: [],
        unavailable: reason,
      }))
      return {
        title: byProxy.length > 1 ? proxyTitle(groups[0]!.proxy) : '',
        corner: 'kernel',
        columns: cases.map((title) => ({ title, about: aboutCase(result, groups, title) })),
        rows: [...rows, ...missing].sort((a, b) => byVersion(a.version, b.version)),
      }
    })
}

/** With more loads only a picture can show them. */
const MOST_LOADS = 4

/** Of each kernel and proxy that was measured under several loads, its cases under each, and their price. */
function casesByLoads(result: Result, all: Group[]): Comparison[] {
  const places = placesOf(all).filter(({ groups }) => groups.length > 1 && groups.length <= MOST_LOADS)
  return places.map(({ label, groups }) => {
    const [priced, ...others] = groups.filter(({ tellsPrice }) => tellsPrice)
    const priceGroup = others.length === 0 ? priced : undefined
    return {
      title: places.length > 1 ? label : '',
      corner: 'case',
      columns: groups.map(({ load }) => ({ title: load.name, detail: loadDetail(load) })),
      rows: casesOf(groups).map((name) => {
        const dear = priceGroup?.cells.filter(isMeasured).find((cell) => cell.case === name)
        return {
          title: name,
          about: aboutCase(result, groups, name),
          outcomes: groups.map((group) => outcomeOf(group, name)),
          price: dear && priceText(dear, priceGroup?.priceBase),
        }
      }),
      priceOf: priceGroup?.load.name,
      priceAgainst: priceGroup?.priceBase?.case,
    }
  })
}
