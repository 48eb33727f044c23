import type { RunOptions } from '../../cli/options/run.ts'
import { supplyOf } from '../../cli/options/supply.ts'
import { groupsOf } from '../../plan/groups.ts'
import { type Preview, previewOf } from '../../plan/preview.ts'
import { type Part, shardsOf } from '../../plan/shards.ts'
import { requireMaxaccept } from '../../prepare/proxies.ts'
import { askedOf } from '../open/asked.ts'
import { foresee } from '../open/foresee.ts'
import { knownKernel } from './known.ts'

/** What a run or its shard will come to, and beside a shard how many cells the whole run has. */
export interface Previewed {
  preview: Preview
  /** Cells of all shards; without a shard those of the run. */
  cellsOfAll: number
  /** Beside a shard. */
  shards: Shards | null
}

/** The shards of a run, and how many it can have. */
export interface Shards {
  /** What each takes, in seconds; those that get nothing to measure are left out. */
  each: Preview['seconds'][]
  /** How many have something to measure where no group is split, and nothing is measured twice. */
  whole: number
  /** How many where groups are split as far as they can be, each part with its controls. */
  parts: number
}

/**
 * What a command line comes to. Nothing is fetched, built or booted, and no daemon is asked.
 *
 * @throws a Fault (exit 2) for what no run can be made of, as the run itself does
 */
export async function previewed(options: RunOptions, signal: AbortSignal): Promise<Previewed> {
  const { shard, request, engine } = options
  const { requests, rows } = await askedOf({ ...options, shard: undefined })
  for (const one of requests) requireMaxaccept(one)
  const all = await foresee(
    requests,
    rows.map(({ experiment }) => experiment.name),
  )
  const supply = supplyOf({ ...options, offline: true }, () => {}, signal)
  const specs = [...new Set(all.flatMap(({ kernels }) => kernels.map(({ spec }) => spec)))]
  const known = new Map(
    await Promise.all(specs.map(async (spec) => [spec, await knownKernel(spec, engine, supply)] as const)),
  )
  const groups = groupsOf(all)
  const found = (parts: Part[]) => previewOf(parts, known, request)
  const busy = (of: number) =>
    shardsOf(groups, of)
      .map(found)
      .filter(({ cells }) => cells.length)
  const whole = found(shardsOf(groups, 1)[0] ?? [])
  if (!shard) return { preview: whole, cellsOfAll: whole.cells.length, shards: null }
  return {
    preview: found(shardsOf(groups, shard.of)[shard.index - 1] ?? []),
    cellsOfAll: whole.cells.length,
    shards: {
      each: busy(shard.of).map(({ seconds }) => seconds),
      whole: busy(groups.length).length,
      parts: busy(Number.MAX_SAFE_INTEGER).length,
    },
  }
}
