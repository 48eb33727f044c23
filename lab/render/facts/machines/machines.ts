import { cpuKinds, isOneKind } from '../../../model/result/machine.ts'
import type { Result, ResultCell } from '../../../model/result.ts'
import { list } from '../../../model/text/amounts.ts'
import type { Group } from '../groups/groups.ts'
import { brief } from './hosts.ts'

/** The kinds of CPU that some cells ran on; none where their run is from before boots told it. */
export const kindsOf = (cells: Pick<ResultCell, 'eachBoot'>[]) => cpuKinds(cells.flatMap(({ eachBoot }) => eachBoot))

/** Whether some of these cells ran on a kind of CPU. */
export const ranOn = (kind: string, cells: Pick<ResultCell, 'eachBoot'>[]) =>
  kindsOf(cells).some((one) => isOneKind(one, kind))

/** Whether two cells ran on one kind of CPU, as far as their runs tell. */
export const onOneKind = (one: Pick<ResultCell, 'eachBoot'>, other: Pick<ResultCell, 'eachBoot'>) =>
  kindsOf([one, other]).length < 2

/** Which kernels ran on which kind of CPU, where there are several kinds: "6.1 on AMD EPYC; 5.10 on Intel Xeon". */
export function kindsText(all: Group[]): string | null {
  const kinds = kindsOf(all.flatMap(({ cells }) => cells))
  if (kinds.length < 2) return null
  const on = (kind: string) => all.filter(({ cells }) => ranOn(kind, cells))
  // Of a kernel that ran on several, the loads tell where.
  const names = (groups: Group[], kind: string) => [
    ...new Set(
      groups.map((group) => {
        const others = all.filter(({ where, cells }) => where === group.where && !ranOn(kind, cells))
        return others.length > 0 ? group.label : group.where
      }),
    ),
  ]
  return kinds.map((kind) => `${list(names(on(kind), kind))} on ${kind}`).join('; ')
}

/** What must be known where a table has numbers of several kinds of CPU. */
export const KINDS_NOTE = 'Not all of it was measured on one kind of CPU: what differs may be the machine.'

const hostWords = ({ kernel, cpu, cpus, qemu, image, imageId, provider, tools }: Result['host']) => {
  const built = [image, ...(imageId ? [brief(imageId)] : [])].join(', ')
  const contained = image && `in containers of Docker ${tools?.docker} (${built})`
  const machines = provider && `machines of ${provider}`
  return [`Linux ${kernel}`, `${cpus} × ${cpu}`, qemu, machines, contained].filter(Boolean).join(', ')
}

/** The machine that a run was made on; of a run that was put together, the machines of its shards. */
export function hostText({ host, shards }: Pick<Result, 'host' | 'shards'>): string {
  if (!shards) return hostWords(host)
  const hosts = [...new Set(shards.each.map((one) => hostWords(one.host)))]
  if (hosts.length === 1) return hosts[0]!
  const having = (words: string) =>
    shards.each.flatMap((one) => (hostWords(one.host) === words ? [`${one.index}`] : []))
  return hosts
    .map((words) => `${having(words).length > 1 ? 'shards' : 'shard'} ${list(having(words))}: ${words}`)
    .join('; ')
}
