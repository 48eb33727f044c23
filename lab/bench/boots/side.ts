import { parseRequest } from '../../cli/options/run.ts'
import { supplyOf } from '../../cli/options/supply.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Cell } from '../../model/cell.ts'
import type { Result } from '../../model/result.ts'
import { planAll } from '../../plan/plan.ts'
import { type EngineName, WORKPLACES } from '../../run/workplace/engines.ts'

/** One of several ways to carry the same cells out, which are compared. */
export interface Side {
  name: string
  engine: Engine
  /** The same cells on each side, in the same order. */
  cells: Cell[]
}

/** A workplace that is ready. */
export interface Opened extends Side {
  host: Result['host']
}

const note = (line: string) => process.stderr.write(`${line}\n`)

/**
 * Opens an engine and prepares there what a run needs. HITLESS_REGISTRY names the registry of a Swarm with several nodes.
 *
 * @param runs what is run, each as lab/run.ts takes it
 * @param taken which of its cells are wanted: a run also has those that its cases are compared with
 */
export async function openSide(
  name: EngineName,
  runs: string[][],
  taken: (cell: Cell) => boolean,
  signal: AbortSignal,
): Promise<Opened> {
  const registry = name === 'swarm' ? process.env.HITLESS_REGISTRY : undefined
  const all = await Promise.all(runs.map((argv) => parseRequest([...argv, '--engine', name])))
  const requests = all.map(({ request }) => request)
  const supply = supplyOf(all[0]!, note, signal)
  const workplace = await WORKPLACES[name]({ files: [], registry, supply, oneOfMany: false })
  const prepared = await workplace.prepare(requests, supply, { install: 'always' })
  const cells = planAll(requests, prepared).cells.filter(taken)
  return { name, engine: workplace.engine, cells, host: await workplace.host() }
}

/**
 * Cells as another side has planned them, with that side's loads: each finds out for itself what *half* is, and boots are
 * compared under one load only.
 *
 * @param planned the other side's cells
 * @param parts this side's, whose parts are where it finds them
 */
export function alike(planned: Cell[], parts: Cell[]): Cell[] {
  return planned.map((cell) => {
    const own = parts.find(
      ({ case: { name }, proxy }) =>
        name === cell.case.name && proxy.name === cell.proxy.name && proxy.maxaccept === cell.proxy.maxaccept,
    )
    if (!own) throw new Error(`${cell.name} is not planned on each side`)
    return { ...own, name: cell.name, load: cell.load }
  })
}
