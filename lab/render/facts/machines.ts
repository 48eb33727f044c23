import { cpuModels } from '../../model/machine.ts'
import type { Result, ResultCell } from '../../model/result.ts'
import { list } from '../../model/text/amounts.ts'
import type { Group } from './groups.ts'

/** The CPU models that some cells ran on; none where their run is from before boots told it. */
export const modelsOf = (cells: Pick<ResultCell, 'eachBoot'>[]) => cpuModels(cells.flatMap(({ eachBoot }) => eachBoot))

/** Whether two cells ran on one kind of CPU, as far as their runs tell. */
export const onOneKind = (one: Pick<ResultCell, 'eachBoot'>, other: Pick<ResultCell, 'eachBoot'>) =>
  modelsOf([one, other]).length < 2

/** Which kernels ran on which kind of CPU, where there are several kinds: "6.1 on AMD EPYC; 5.10 on Intel Xeon". */
export function kindsText(all: Group[]): string | null {
  const models = modelsOf(all.flatMap(({ cells }) => cells))
  if (models.length < 2) return null
  const on = (model: string) => all.filter(({ cells }) => modelsOf(cells).includes(model))
  // Of a kernel that ran on several, the loads tell where.
  const names = (groups: Group[], model: string) => [
    ...new Set(
      groups.map((group) => {
        const others = all.filter(({ where, cells }) => where === group.where && !modelsOf(cells).includes(model))
        return others.length > 0 ? group.label : group.where
      }),
    ),
  ]
  return models.map((model) => `${list(names(on(model), model))} on ${model}`).join('; ')
}

/** What must be known where a table has numbers of several kinds of CPU. */
export const KINDS_NOTE = 'Not all of it was measured on one kind of CPU: what differs may be the machine.'

const hostWords = ({ kernel, cpu, cpus, qemu, image, tools }: Result['host']) => {
  const contained = image && `in containers of Docker ${tools?.docker} (${image})`
  return [`Linux ${kernel}`, `${cpus} × ${cpu}`, qemu, contained].filter(Boolean).join(', ')
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
