import { selectExperiments } from '../../../cases/experiments.ts'
import type { RunOptions } from '../../cli/options/run.ts'
import type { Request } from '../../model/request.ts'
import type { Shard } from '../../model/result/shard.ts'
import { type AskedRow, askedRows } from '../../plan/experiments.ts'
import { hasSeveralProxies } from '../../plan/foreseen.ts'
import { requestsOfShard } from '../../plan/shards.ts'
import { commandOf, foresee } from './foresee.ts'

/** What a run is asked to measure. */
export interface Asked {
  /** None for a shard that gets nothing. */
  requests: Request[]
  /** The rows of experiments that they are, one each; empty where the command line names cases and loads itself. */
  rows: AskedRow[]
  /** Experiments of the whole run, by name. */
  experiments: string[]
  shard?: Shard
  /** In a shard: whether the whole run may have several proxies. */
  several?: boolean
}

/** What the command line asks for: all of it, or the part of a shard. */
export async function askedOf({ experiments, request, override, shard }: RunOptions): Promise<Asked> {
  const rows = askedRows(await selectExperiments(experiments), request, override)
  const requests = rows.length ? rows.map((row) => row.request) : [request]
  const names = rows.map(({ experiment }) => experiment.name)
  const asked = { requests, rows, experiments: [...new Set(names)] }
  if (!shard) return asked
  const all = await foresee(requests, names)
  const parts = requestsOfShard(all, shard)
  return {
    ...asked,
    requests: parts.map((part) => part.request),
    rows: rows.length ? parts.map((part) => ({ ...rows[part.row]!, request: part.request })) : [],
    shard: { ...shard, command: commandOf(all) },
    several: hasSeveralProxies(all),
  }
}
