import { isDeepStrictEqual } from 'node:util'
import { type Cell, proxyName } from '../model/cell.ts'
import type { Experiment, ExperimentFacts, ExperimentRow } from '../model/experiment.ts'
import { usage } from '../model/fault.ts'
import type { Prepared } from '../model/prepared.ts'
import type { Request } from '../model/request.ts'
import { makePlan, type Plan } from './plan.ts'

/** What the command line says in place of an experiment. */
export type Override = Partial<Pick<Request, 'proxies' | 'boots' | 'duration'>>

/** A row of an experiment as a request of its own. */
export interface AskedRow {
  experiment: Experiment
  row: ExperimentRow
  request: Request
}

/**
 * The rows of some experiments, each as a request.
 *
 * @param base what experiments leave to the command line: kernels, how guests are executed, what counts as slow, the seed
 */
export const askedRows = (experiments: Experiment[], base: Request, override: Override): AskedRow[] =>
  experiments.flatMap((experiment) =>
    experiment.rows.map((row) => ({ experiment, row, request: requestOf(experiment, row, base, override) })),
  )

function requestOf(experiment: Experiment, row: ExperimentRow, base: Request, override: Override): Request {
  const { boots, duration, interval, proxies } = experiment
  const { cases, users = null, rates = null, shares, maxaccepts = null, banner = false, keepAlive = null } = row
  const taken = 'first' in proxies ? ('first' as const) : ('each' as const)
  return {
    ...base,
    ...{ cases, users, rates, shares, maxaccepts, banner, keepAlive, boots, duration, interval },
    ...('first' in proxies ? { proxies: proxies.first } : { proxies: proxies.each }),
    proxiesTaken: override.proxies ? 'all' : taken,
    ...override,
  }
}

/**
 * The cells of some experiments: a cell that several rows share is there once. Cells that are compared with each other
 * last equally long and boot equally often, as the most thorough of their experiments asks.
 *
 * @param prepared what exists here for each row
 * @param several whether names must tell proxies apart; unless said, whether there are several
 * @throws a Fault (exit 2) when two experiments mean different cells by one name
 */
export function planExperiments(
  asked: AskedRow[],
  prepared: Prepared[],
  several = new Set(prepared.flatMap(proxiesIn).map(proxyName)).size > 1,
): Plan & { experiments: ExperimentFacts[] } {
  const plans = asked.map(({ request }, i) => makePlan(request, prepared[i]!, several))
  const all = plans.flatMap(({ cells }) => cells)
  const cells = once(all.map((cell) => asThorough(cell, all)))
  const skipped = plans.flatMap((plan) => plan.skipped)
  const experiments = [...new Set(asked.map(({ experiment }) => experiment))].map((experiment) => {
    const { name, title, question, source, columns } = experiment
    const rows = experiment.rows.map((row) => {
      const { label, cases, printed } = row
      // A shard may ask for another part of it on each of its kernels, and for none on another.
      const parts = asked.flatMap((one, i) => (one.experiment === experiment && one.row === row ? [i] : []))
      // What it is compared with may have come beside what it asks for.
      const its = parts.flatMap((i) => plans[i]!.cells.filter((cell) => cases.includes(cell.case.name)))
      const proxies = [...new Set(parts.flatMap((i) => proxiesIn(prepared[i]!).map(proxyName)))]
      return { label, cases, proxies, ...(printed && { printed }), cells: [...new Set(its.map(({ name }) => name))] }
    })
    return { name, title, question, source, columns, rows }
  })
  return { cells, skipped: [...new Map(skipped.map((one) => [JSON.stringify(one), one])).values()], experiments }
}

/** The proxies of all kernels. */
const proxiesIn = ({ kernels }: Prepared) => kernels.flatMap(({ proxies }) => proxies)

/** Cells that have the same are compared with each other, see `alike` in lab/measure/verdict/judged.ts. */
const settingOf = ({ kernel, proxy, load }: Cell) => JSON.stringify([kernel.name, proxyName(proxy), load.name])

function asThorough(cell: Cell, all: Cell[]): Cell {
  const setting = settingOf(cell)
  const same = all.filter((other) => settingOf(other) === setting)
  const duration = Math.max(...same.map(({ load }) => load.duration))
  return { ...cell, load: { ...cell.load, duration }, boots: Math.max(...same.map(({ boots }) => boots)) }
}

/** Each cell once, in the order of the first. */
function once(cells: Cell[]): Cell[] {
  const byName = new Map<string, Cell>()
  for (const cell of cells) {
    const other = byName.get(cell.name)
    if (other && !isDeepStrictEqual(other, cell))
      throw usage(`the experiments do not agree on the cell ${cell.name}: run them apart`)
    byName.set(cell.name, cell)
  }
  return [...byName.values()]
}
