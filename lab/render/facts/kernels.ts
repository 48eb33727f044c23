import { median } from 'simple-statistics'
import { isMeasured, type KernelFacts, type MeasuredCell, type Result } from '../../model/result.ts'
import { decimal, whole } from './format.ts'
import type { Group } from './groups.ts'

const ORIGINS: Record<KernelFacts['origin'], string> = {
  live: "Debian's mirror",
  archive: "Debian's archive",
  snapshot: "Debian's snapshots",
  yours: 'your own',
  host: 'the running kernel',
}

/** A kernel of a result: what it is, what it can do, and how fast it is here. */
export interface KernelRow {
  label: string
  kernel: string
  /** /proc/version */
  banner: string | null
  /** Debian's version of the package. */
  version: string | null
  origin: string | null
  imageSha256: string | null
  packageSha256: string | null
  config: KernelFacts['config']
  /** Milliseconds to the guest's first event, the median over its cells; null for the running kernel. */
  bootMs: number | null
  /** The most connections a second without reloads, and the case that tells them: `no-reload`, else `none` before its first. */
  rate: { perSecond: number; case: string } | null
  features: KernelFacts['features']
}

/** Connections a second without reloads: where the cell has them, in the quiet second before. */
const unreloaded = ({ reloads, throughput, quietThroughput }: MeasuredCell) =>
  reloads > 0 ? (quietThroughput ?? throughput) : throughput

/** The kernels of a result, one for all loads; what was saved before results held such facts is told by the cells. */
export function kernelRows(result: Result, all: Group[]): KernelRow[] {
  const labels = [...new Set(all.map(({ where }) => where))]
  return labels.map((label) => {
    const its = all.filter(({ where }) => where === label)
    const cells = its.flatMap((group) => group.cells)
    const { kernel } = its[0]!
    const banner = cells.find(({ kernelVersion }) => kernelVersion !== null)?.kernelVersion ?? null
    const image = cells.find(({ kernelSha256 }) => kernelSha256 !== null)?.kernelSha256 ?? null
    const facts = result.kernels.find((known) => known.kernel === kernel && known.imageSha256 === image)
    const boots = cells
      .filter(({ guest }) => guest !== 'host')
      .flatMap(({ eachBoot }) => eachBoot.flatMap(({ bootMs }) => bootMs ?? []))
    return {
      label,
      kernel,
      banner,
      version: facts?.version ?? /Debian (\d\S+) \(/.exec(banner ?? '')?.[1] ?? null,
      origin: facts ? ORIGINS[facts.origin] : null,
      imageSha256: image,
      packageSha256: facts?.packageSha256 ?? null,
      config: facts?.config ?? null,
      bootMs: boots.length > 0 ? median(boots) : null,
      rate: rateOf(cells),
      features: facts?.features ?? {},
    }
  })
}

/** The most that any load and proxy had: only under a load that asks for all is it what the kernel carries. */
function rateOf(cells: Group['cells']): KernelRow['rate'] {
  for (const name of ['no-reload', 'none']) {
    const rates = cells.filter(isMeasured).filter((cell) => cell.case === name)
    if (rates.length > 0) return { perSecond: Math.max(...rates.map(unreloaded)), case: name }
  }
  return null
}

/** The kernel of a group. */
export const kernelOf = (rows: KernelRow[], { where }: Group) => rows.find(({ label }) => label === where)!

/** "2.23 s" */
export const bootText = ({ bootMs }: KernelRow) => (bootMs === null ? '-' : `${decimal(bootMs / 1000)}\u00a0s`)

/** "1,457", and the case in which where it is not the usual one. */
export const rateText = ({ rate }: KernelRow) =>
  rate === null ? '-' : `${whole(rate.perSecond)}${rate.case === 'no-reload' ? '' : ` (${rate.case})`}`

/** The first twelve digits of a hash. */
export const short = (hash: string | null) => hash?.slice(0, 12) ?? '-'

/** The features that any of the kernels was asked for, in the order of the first. */
export const featureNames = (rows: KernelRow[]) => [...new Set(rows.flatMap(({ features }) => Object.keys(features)))]

/** A kernel in full: a term and what is known of it. */
export const kernelTerms = (row: KernelRow): [string, string][] => [
  ['kernel', row.kernel],
  ['/proc/version', row.banner ?? 'not known'],
  ...(row.version === null ? [] : ([["Debian's version", row.version]] as [string, string][])),
  ...(row.origin === null ? [] : ([['origin', row.origin]] as [string, string][])),
  ['SHA-256 of the image', row.imageSha256 ?? 'the running kernel'],
  ...(row.packageSha256 === null ? [] : ([['SHA-256 of the package', row.packageSha256]] as [string, string][])),
  ...(row.config === null ? [] : ([['SHA-256 of the configuration', row.config.sha256]] as [string, string][])),
]
