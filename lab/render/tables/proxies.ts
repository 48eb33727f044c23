import type { Result } from '../../model/result.ts'
import { list } from '../../model/text/amounts.ts'
import { factsOfCase } from '../facts/cells/cases.ts'
import { loadDetail, proxyTitle } from '../facts/cells/conditions.ts'
import { ownReload } from '../facts/cells/own-reload.ts'
import type { Group } from '../facts/groups/groups.ts'
import { name, names, type Words } from '../sentences/words.ts'
import { aboutCase, type Comparison, casesOf, groupedBy, outcomeOf } from './outcomes.ts'

/** The names of the proxies of some groups. */
const proxiesOf = (groups: Group[]) => [...new Set(groups.map(({ proxy }) => proxy.name))]

/** Of cases that are something else with each proxy, what they are: `none` is "No mitigation" with one of them. */
function otherwiseTitled(result: Result, all: Group[]): Words[] {
  return casesOf(all).flatMap((one) => {
    const having = all.filter(({ cells }) => cells.some((cell) => cell.case === one))
    const titles = proxiesOf(having).flatMap((proxy) => {
      const title = factsOfCase(result, one, proxy)?.title
      return title ? [{ title: title.replaceAll('`', "'"), proxy }] : []
    })
    if (new Set(titles.map(({ title }) => title)).size < 2) return []
    return [
      `${name(one)} is not the same with each: ${list(titles.map(({ title, proxy }) => `"${title}" with ${proxy}`))}.`,
    ]
  })
}

/** The own reloads of several proxies, a proxy each. */
function ownReloads(result: Result, groups: Group[]): { proxy: string; own: string }[] {
  const all = proxiesOf(groups).flatMap((proxy) => {
    const own = ownReload(result, proxy)
    const has = groups.some((group) => group.proxy.name === proxy && group.cells.some((cell) => cell.case === own))
    return own !== undefined && has ? [{ proxy, own }] : []
  })
  return all.length > 1 ? all : []
}

/** Their row: "fd-passing / nginx-reload". */
function ownReloadRow(result: Result, groups: Group[]): Comparison['rows'] {
  const all = ownReloads(result, groups)
  if (all.length === 0) return []
  const about = all.map(({ proxy, own }) => factsOfCase(result, own, proxy)?.title).join(' / ')
  const outcomes = groups.map((group) => {
    const its = all.find(({ proxy }) => proxy === group.proxy.name)
    return its && outcomeOf(group, its.own)
  })
  return [{ title: all.map(({ own }) => own).join(' / '), about, outcomes }]
}

/** Groups of one kernel and load, where they have several proxies. */
const sideBySide = (all: Group[]) =>
  groupedBy(all, ({ where, load }) => JSON.stringify([where, load.name])).filter(
    (groups) => proxiesOf(groups).length > 1,
  )

/**
 * Of each kernel and load that several proxies were measured on, the cases that at least two of them have, and below the
 * first of them the own reload of each.
 */
export function casesByProxies(result: Result, all: Group[]): Comparison[] {
  return sideBySide(all).flatMap((groups) => {
    const having = (name: string) => groups.filter(({ cells }) => cells.some((cell) => cell.case === name))
    const cases = casesOf(groups).filter((name) => proxiesOf(having(name)).length > 1)
    const own = ownReloadRow(result, groups)
    if (cases.length + own.length === 0) return []
    const rows: Comparison['rows'] = cases.map((name) => ({
      title: name,
      about: aboutCase(result, groups, name),
      outcomes: groups.map((group) => outcomeOf(group, name)),
    }))
    const [{ where, load }] = groups as [Group]
    return [
      {
        title: `${where}, ${load.name}`,
        corner: 'case',
        columns: groups.map(({ proxy, load }) => ({
          title: proxyTitle(proxy),
          detail: `maxaccept ${proxy.maxaccept}; ${loadDetail(load)}`,
        })),
        rows: rows.toSpliced(1, 0, ...own),
      },
    ]
  })
}

/** What must be known of proxies side by side. */
export function notesOnProxies(result: Result, all: Group[]): Words[] {
  const [own] = sideBySide(all).flatMap((groups) => {
    const reloads = ownReloads(result, groups)
    return reloads.length > 0 ? [names(reloads.map((one) => one.own))] : []
  })
  return [
    ...otherwiseTitled(result, all),
    ...(own === undefined ? [] : [`${own} share a row: each proxy’s own reload that keeps its listeners.`]),
  ]
}
