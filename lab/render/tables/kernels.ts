import { median } from 'simple-statistics'
import { isMeasured, type KernelFacts, type MeasuredCell, type Result } from '../../model/result.ts'
import { whole } from '../../model/text.ts'
import type { Group } from '../facts/groups.ts'
import { decimal } from '../facts/numbers.ts'
import type { TableCell, TableSection } from './table.ts'

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
  /** Milliseconds to the guest's first event, the median over its boots; null for the running kernel. */
  bootMs: number | null
  /** The most connections a second without reloads, and the case that shows them: `no-reload`, else `none` before its first. */
  rate: { perSecond: number; case: string } | null
  features: KernelFacts['features']
}

/** Connections a second without reloads: in the quiet second before them, where the cell has any. */
const unreloaded = ({ reloads, throughput, quietThroughput }: MeasuredCell) =>
  reloads > 0 ? (quietThroughput ?? throughput) : throughput

/** The kernels of a result, one for all loads and proxies; results without facts of kernels have those of their cells. */
export function kernelRows(result: Result, all: Group[]): KernelRow[] {
  const labels = [...new Set(all.map(({ where }) => where))]
  return labels.map((label) => {
    const groups = all.filter(({ where }) => where === label)
    const cells = groups.flatMap((group) => group.cells)
    const { kernel } = groups[0]!
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

/** The most under any load and proxy: only a load that asks for all shows what the kernel carries. */
function rateOf(cells: Group['cells']): KernelRow['rate'] {
  for (const name of ['no-reload', 'none']) {
    const rates = cells.filter(isMeasured).filter((cell) => cell.case === name)
    if (rates.length > 0) return { perSecond: Math.max(...rates.map(unreloaded)), case: name }
  }
  return null
}

/** "2.23 s" */
export const bootText = ({ bootMs }: KernelRow) => (bootMs === null ? '-' : `${decimal(bootMs / 1000)}\u00a0s`)

/** "1,457", and the case that shows it where it is not the usual one. */
export const rateText = ({ rate }: KernelRow) =>
  rate === null ? '-' : `${whole(rate.perSecond)}${rate.case === 'no-reload' ? '' : ` (${rate.case})`}`

/** A hash in little room. */
const short = (hash: string | null): TableCell => (hash === null ? '-' : { text: hash.slice(0, 12), about: hash })

/** What each kernel is, how fast it is here, and what it can do. */
export function kernelTables(rows: KernelRow[]): TableSection[] {
  const features = [...new Set(rows.flatMap((row) => Object.keys(row.features)))]
  const can = (row: KernelRow, name: string): TableCell => {
    const answer = row.features[name]
    return answer ? { text: answer.has ? '✓ yes' : '✕ no', about: answer.said } : '-'
  }
  const what: TableSection = {
    title: 'Kernels',
    note: 'Hashes in full are in result.json. Boot: median over the boots, to the first event. Conn/s: connections a second without reloads, the most under any load.',
    table: {
      head: ['kernel', 'name', "Debian's version", 'origin', 'image', 'package', 'configuration', 'boot', 'conn/s'],
      rows: rows.map((row) => [
        row.label,
        { text: row.kernel, about: row.banner ?? 'not known' },
        row.version ?? '-',
        row.origin ?? '-',
        short(row.imageSha256),
        short(row.packageSha256),
        row.config ? { text: 'config', file: row.config.file, about: `SHA-256 ${row.config.sha256}` } : '-',
        bootText(row),
        rateText(row),
      ]),
    },
  }
  if (features.length === 0) return [what]
  return [
    what,
    {
      title: 'What the kernels can do',
      note: 'Tried in the guest, not concluded from versions.',
      table: {
        head: ['kernel', ...features],
        rows: rows.map((row) => [row.label, ...features.map((name) => can(row, name))]),
      },
    },
  ]
}
