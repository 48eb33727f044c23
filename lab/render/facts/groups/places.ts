import type { Load } from '../../../model/case/load.ts'
import type { Group } from './groups.ts'

/** Groups of one run, kernel, proxy and guest that differ in their loads alone. */
export interface Place {
  /** The label of its groups without their load. */
  label: string
  groups: Group[]
}

/** The groups by place, in the order of the first group. */
export const placesOf = (all: Group[]): Place[] =>
  [...new Set(all.map(({ place }) => place))].map((label) => ({
    label,
    groups: all.filter(({ place }) => place === label),
  }))

/** Groups that differ in their kernels and runs alone. */
export interface Setting {
  /** What differs from other settings, "under half with nginx"; empty where there is but one. */
  label: string
  load: Load
  groups: Group[]
}

/** The groups by setting, in the order of the first kernel. */
export const settingsOf = (all: Group[]): Setting[] =>
  [...new Set(all.map(({ setting }) => setting))].map((label) => {
    const groups = all.filter(({ setting }) => setting === label)
    return { label, load: groups[0]!.load, groups }
  })

const kernelsOf = (all: Group[]) => new Set(all.map(({ kernel }) => kernel)).size

/** Whether there is more than one kernel, not only runs of the same. */
export const severalKernels = (all: Group[]) => kernelsOf(all) > 1

/** Whether no kernel is there twice, as in several runs of the same, so that one can speak of versions. */
export const distinctKernels = (all: Group[]) =>
  severalKernels(all) && kernelsOf(all) === new Set(all.map(({ where }) => where)).size

const cellCount = (all: Group[]) => all.reduce((sum, { cells }) => sum + cells.length, 0)

/** With more kernels or proxies, or more loads of them, the overview leads, and what is said of each group is folded. */
const [FEW_PLACES, FEW_GROUPS] = [2, 4]
export const many = (all: Group[]) => placesOf(all).length > FEW_PLACES || all.length > FEW_GROUPS

/** With more cells nobody looks at each: they have rows in tables, and no charts of their own. */
const MOST_CELLS = 120
export const brief = (all: Group[]) => big(all) || cellCount(all) > MOST_CELLS

/** With more cells, or groups of cells, nobody looks at each group either. */
const [BIG, MOST_GROUPS] = [240, 40]
export const big = (all: Group[]) => cellCount(all) > BIG || all.length > MOST_GROUPS
