import type { Cell } from '../../model/cell.ts'
import type { Measured } from '../../model/measured.ts'
import type { FailedCell, MeasuredCell, Result } from '../../model/result.ts'
import type { EndedBoot, FailedBoot, MeasuredBoot } from '../boot.ts'
import { noiseOf, type Pace } from '../doubts/noise.ts'
import { overloaded } from '../doubts/overload.ts'
import { measure } from '../measure.ts'
import { provenanceOf } from './provenance.ts'
import { judge, type VerdictInput } from './verdict.ts'

/** A cell whose boots all ended well. Its verdict needs the other cells. */
export interface Done {
  cell: Cell
  /** In order. */
  boots: MeasuredBoot[]
  measured: Measured
}

/** Measures a cell from its boots. */
export const gathered = (cell: Cell, boots: MeasuredBoot[]): Done => ({
  cell,
  boots,
  measured: measure(
    boots.map(({ tally }) => tally),
    cell,
  ),
})

/** How fast each boot of a cell ran. */
const pacesOf = ({ cell, boots, measured }: Done): Pace[] =>
  boots.map(({ facts, boot }, i) => ({
    guest: cell.guest,
    accel: cell.accel,
    kernel: cell.kernel.name,
    proxy: cell.proxy,
    load: cell.load,
    boot: boots.length > 1 ? boot : null,
    pins: facts.pins,
    waited: facts.waited,
    stolen: facts.stolen,
    spinUs: measured.byBoot[i]!.spinUs,
    quietThroughput: measured.byBoot[i]!.quietThroughput,
  }))

/** Whether two cells differ only in the case, so that one can be the other's control. */
const alike = (a: Cell, b: Cell) =>
  a.kernel.name === b.kernel.name &&
  a.proxy.name === b.proxy.name &&
  a.proxy.version === b.proxy.version &&
  a.proxy.maxaccept === b.proxy.maxaccept &&
  a.load.name === b.load.name &&
  a.case.network === b.case.network

/** The cell that another is compared with: of the case that it names, or the positive control; undefined: it did not end well. */
export const controlOf = <T extends Pick<Done, 'cell'>>({ cell: own }: T, all: T[]): T | undefined =>
  all.find(
    ({ cell }) =>
      alike(cell, own) && (own.case.against ? cell.case.name === own.case.against : cell.case.control === 'positive'),
  )

const quietOf = ({ cell: own }: Done, all: Done[]): Done | undefined =>
  all.find(({ cell }) => alike(cell, own) && cell.case.control === 'negative')

/** Judges a cell beside the others of its run, which hold its control and show what is noise. */
export function judged(done: Done, all: Done[]): MeasuredCell {
  const paces = all.flatMap(pacesOf)
  const noiseIn = (one: Done) => pacesOf(one).flatMap((pace) => noiseOf(pace, paces))
  const inputOf = (one: Done): VerdictInput => ({
    case: one.cell.case,
    guest: one.cell.guest,
    kernel: one.cell.kernel,
    proxy: one.cell.proxy,
    load: one.cell.load,
    seed: one.cell.seed,
    boots: one.boots.map(({ facts, pins, tally }) => ({ ...facts, ...tally, pins })),
    measured: one.measured,
    noisy: noiseIn(one).length > 0,
    overloaded: overloaded({ load: one.cell.load, boots: one.cell.boots, ...one.measured }),
  })
  const [control, quiet] = [controlOf(done, all), quietOf(done, all)]
  const noise = noiseIn(done)
  const verdict = judge(inputOf(done), control && inputOf(control), quiet && inputOf(quiet))
  return { ...provenanceOf(done.cell, done.boots, noise), ...done.measured, ...verdict }
}

/** A cell with a failed boot has no numbers, whatever its other boots told. */
function failed(cell: Cell, boots: EndedBoot[], broken: FailedBoot): FailedCell {
  const where = cell.boots > 1 ? `boot ${broken.boot}: ` : ''
  return {
    ...provenanceOf(cell, boots),
    verdict: 'failed',
    reason: `${where}${broken.reason}`,
    consoleTail: broken.consoleTail,
  }
}

/** How a cell ended. An interrupted one has boots that never ended, and none that failed. */
type CellOutcome =
  | ({ kind: 'done' } & Done)
  | { kind: 'failed'; cell: Cell; boots: EndedBoot[]; broken: FailedBoot }
  | { kind: 'interrupted' }

function outcomeOf(cell: Cell, all: EndedBoot[]): CellOutcome {
  const boots = all.filter((boot) => boot.cell === cell).sort((a, b) => a.boot - b.boot)
  const broken = boots.find((boot) => boot.kind === 'failed')
  if (broken) return { kind: 'failed', cell, boots, broken }
  const measured = boots.filter((boot) => boot.kind === 'done')
  return measured.length === cell.boots ? { kind: 'done', ...gathered(cell, measured) } : { kind: 'interrupted' }
}

/**
 * Judges all cells of a run.
 *
 * @returns the cells that have ended, in the order of the plan; interrupted ones are left out
 */
export function judgeAll(cells: Cell[], boots: EndedBoot[]): Result['cells'] {
  const outcomes = cells.map((cell) => outcomeOf(cell, boots))
  const all = outcomes.filter((outcome) => outcome.kind === 'done')
  return outcomes.flatMap((outcome): Result['cells'] => {
    if (outcome.kind === 'done') return [judged(outcome, all)]
    return outcome.kind === 'failed' ? [failed(outcome.cell, outcome.boots, outcome.broken)] : []
  })
}
