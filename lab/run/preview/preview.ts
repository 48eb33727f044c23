import type { RunOptions } from '../../cli/options/run.ts'
import { supplyOf } from '../../cli/options/supply.ts'
import { type Preview, previewOf } from '../../plan/preview.ts'
import { partsOfShard } from '../../plan/shards.ts'
import { requireMaxaccept } from '../../prepare/proxies.ts'
import { askedOf } from '../open/asked.ts'
import { foresee } from '../open/foresee.ts'
import { knownKernel } from './known.ts'

/** What a run or its shard will come to, and beside a shard how many cells the whole run has. */
export interface Previewed {
  preview: Preview
  /** Cells of all shards; without a shard those of the run. */
  cellsOfAll: number
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
  const whole = previewOf(partsOfShard(all, { index: 1, of: 1 }), known, request)
  const preview = shard ? previewOf(partsOfShard(all, shard), known, request) : whole
  return { preview, cellsOfAll: whole.cells.length }
}
