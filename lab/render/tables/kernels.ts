import { median } from 'simple-statistics'
import { isMeasured, type KernelFacts, type MeasuredCell, type Result, type ResultCell } from '../../model/result.ts'
import { whole } from '../../model/text/amounts.ts'
import { decimal } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import { kindsOf, ranOn } from '../facts/machines/machines.ts'
import type { Table, TableCell, TableSection } from './table.ts'

const ORIGINS: Record<KernelFacts['origin'], string> = {
  live: "Debian's mirror",
  archive: "Debian's archive",
  snapshot: "Debian's snapshots",
  yours: 'your own',
  host: 'the running kernel',
  vagrant: 'a machine of Vagrant',
}

/** Connections a second without reloads: in the quiet second before them, where the cell has any. */
const unreloaded = ({ reloads, throughput, quietThroughput }: MeasuredCell) =>
  reloads > 0 ? (quietThroughput ?? throughput) : throughput

/** The most under any load and proxy: only a load that asks for all shows what the kernel carries. */
function rateText(cells: ResultCell[]): string {
  for (const name of ['no-reload', 'none']) {
    const rates = cells.filter(isMeasured).filter((cell) => cell.case === name)
    if (rates.length > 0) return `${whole(Math.max(...rates.map(unreloaded)))}${name === 'none' ? ' (none)' : ''}`
  }
  return '-'
}

/** "2.23 s": the median over the boots; only the lab's own machines boot for a cell. */
function bootText(cells: ResultCell[]): string {
  const boots = cells
    .filter(({ guest }) => guest === 'qemu')
    .flatMap(({ eachBoot }) => eachBoot.flatMap(({ bootMs }) => bootMs ?? []))
  return boots.length > 0 ? `${decimal(median(boots) / 1000)}\u00a0s` : '-'
}

/** A hash in little room. */
const short = (hash: string | null | undefined): TableCell => (hash ? { text: hash.slice(0, 12), about: hash } : '-')

/** The groups of each kernel, on each kind of CPU: how fast it is depends on both. */
function wheres(all: Group[]): { label: string; groups: Group[] }[] {
  return [...new Set(all.map(({ where }) => where))].flatMap((where) => {
    const groups = all.filter((group) => group.where === where)
    const kinds = kindsOf(groups.flatMap(({ cells }) => cells))
    if (kinds.length < 2) return [{ label: where, groups }]
    return kinds.map((kind) => ({
      label: `${where} on ${kind}`,
      groups: groups.filter(({ cells }) => ranOn(kind, cells)),
    }))
  })
}

/** The cells of each kernel, and its facts; results from before there were facts of kernels have those of their cells. */
const kernelsOf = (result: Result, all: Group[]) =>
  wheres(all).map(({ label, groups }) => {
    const cells = groups.flatMap((group) => group.cells)
    const { kernel } = groups[0]!
    const image = cells.find(({ kernelSha256 }) => kernelSha256 !== null)?.kernelSha256 ?? null
    const facts = result.kernels.find((known) => known.kernel === kernel && known.imageSha256 === image)
    return { label, kernel, cells, image, facts }
  })

/** What each kernel is, how fast it is here, and what it can do: one for all loads and proxies. */
export function kernelTables(result: Result, all: Group[]): TableSection[] {
  const kernels = kernelsOf(result, all)
  const features = [...new Set(kernels.flatMap(({ facts }) => Object.keys(facts?.features ?? {})))]
  const what: Table = {
    head: ['kernel', 'name', "Debian's version", 'origin', 'image', 'package', 'configuration', 'boot', 'conn/s'],
    rows: kernels.map(({ label, kernel, cells, image, facts }) => {
      const banner = cells.find(({ kernelVersion }) => kernelVersion !== null)?.kernelVersion ?? 'not known'
      const config = facts?.config
      return [
        label,
        { text: kernel, about: banner },
        facts?.version ?? /Debian (\d\S+) \(/.exec(banner)?.[1] ?? '-',
        facts ? ORIGINS[facts.origin] : '-',
        short(image),
        short(facts?.packageSha256),
        config ? { text: 'config', file: config.file, about: `SHA-256 ${config.sha256}` } : '-',
        bootText(cells),
        rateText(cells),
      ]
    }),
  }
  const able: Table = {
    head: ['kernel', ...features],
    rows: kernels.map(({ label, facts }) => [
      label,
      ...features.map((name): TableCell => {
        const answer = facts?.features[name]
        return answer ? { text: answer.has ? '✓ yes' : '✕ no', about: answer.said } : '-'
      }),
    ]),
  }
  return [
    {
      title: 'Kernels',
      note: 'Hashes in full are in result.json. Boot: median over the boots, to the first event. Conn/s: connections a second without reloads, the most under any load.',
      table: what,
    },
    { title: 'What the kernels can do', note: 'Tried in the guest, not concluded from versions.', table: able },
  ].filter(({ table }) => table.head.length > 1 && table.rows.length > 0)
}
