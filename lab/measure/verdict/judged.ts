import type { Cell } from '../../model/cell.ts'
import { kindOf } from '../../model/result/machine.ts'
import type { Measured } from '../../model/result/measured.ts'
import type { FailedCell, MeasuredCell, Result } from '../../model/result.ts'
import type { EndedBoot, FailedBoot, MeasuredBoot } from '../boot.ts'
import { noiseOf, type Pace } from '../doubts/noise.ts'
import { overloaded } from '../doubts/overload.ts'
import { measure } from '../measure.ts'
import { provenanceOf } from './provenance.ts'
import { type Judgement, judge, type VerdictInput } from './verdict.ts'

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
    { ...cell, mostBoots: cell.untilSure ? cell.boots : null },
  ),
})

/** How fast each boot of a cell ran. */
const pacesOf = ({ cell, boots, measured }: Done): Pace[] =>
  boots.map(({ facts, boot, tally }, i) => ({
    cell: cell.name,
    guest: cell.guest,
    accel: cell.accel,
    cpu: facts.machine && kindOf(facts.machine),
    kernel: cell.kernel.name,
    proxy: cell.proxy,
    load: cell.load,
    boot: boots.length > 1 ? boot : null,
    pins: facts.pins,
    oneCore: facts.oneCore,
    waited: facts.waited,
    stolen: facts.stolen,
    lateUs: tally.lateUs,
    spinUs: measured.byBoot[i]!.spinUs,
    quietThroughput: measured.byBoot[i]!.quietThroughput,
    throughput: measured.byBoot[i]!.throughput,
    limitedBy: measured.limitedBy,
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
function judgedBeside(done: Done, all: Done[]): Judgement & Pick<MeasuredCell, 'noise'> {
  const paces = all.flatMap(pacesOf)
  const noiseIn = (one: Done) => pacesOf(one).flatMap((pace) => noiseOf(pace, paces))
  const inputOf = (one: Done): VerdictInput => ({
    case: one.cell.case,
    guest: one.cell.guest,
    kernel: one.cell.kernel,
    proxy: one.cell.proxy,
    load: one.cell.load,
    seed: one.cell.seed,
    untilSure: one.cell.untilSure ?? false,
    boots: one.boots.map(({ facts, pins, tally }) => ({ ...facts, ...tally, pins })),
    measured: one.measured,
    noisy: noiseIn(one).length > 0,
    overloaded: overloaded({ load: one.cell.load, boots: one.boots.length, ...one.measured }),
  })
  const [control, quiet] = [controlOf(done, all), quietOf(done, all)]
  return { ...judge(inputOf(done), control && inputOf(control), quiet && inputOf(quiet)), noise: noiseIn(done) }
}

/** What a run until sure knows of a cell after its last boot. */
export interface Look extends Judgement {
  noise: string[]
  /** The boot after which its verdict was decided; null: it was not. */
  decidedAfter: number | null
}

/**
 * Looks at a cell as a run until sure does: after each boot, when no cell of the run had more. So a verdict follows from
 * the events alone, and what its control shows in later boots, which others need, does not touch it.
 */
export function lookedAt(done: Done, all: Done[]): Look {
  const at = (boots: number) => {
    const seen = new Map(all.map((one) => [one, upTo(boots, one)]))
    return judgedBeside(seen.get(done)!, [...seen.values()])
  }
  let decided: { after: number; look: ReturnType<typeof at> } | null = null
  for (let boot = 1; boot <= done.boots.length && !decided; boot++) {
    const look = at(boot)
    if (isDecided(look)) decided = { after: boot, look }
  }
  if (decided?.after === done.boots.length) return { ...decided.look, decidedAfter: decided.after }
  const last = at(done.boots.length)
  // A control gets more boots than its own verdict needs. They may put it in doubt, and not make it undecided again.
  if (!decided) return { ...last, decidedAfter: null }
  if (last.open) return { ...decided.look, noise: last.noise, decidedAfter: decided.after }
  const after = last.verdict === decided.look.verdict ? decided.after : done.boots.length
  return { ...last, decidedAfter: isDecided(last) ? after : null }
}

const isDecided = ({ verdict, open }: Judgement) => verdict !== 'inconclusive' && !open

/** A cell as it was when it had had no more than so many boots. */
const upTo = (boots: number, done: Done): Done =>
  done.boots.length > boots ? gathered(done.cell, done.boots.slice(0, boots)) : done

/** Judges a cell beside the others of its run; in a run until sure by its looks. */
export function judged(done: Done, all: Done[]): MeasuredCell {
  const { verdict, reason, noise, decidedAfter } = done.cell.untilSure
    ? lookedAt(done, all)
    : { ...judgedBeside(done, all), decidedAfter: null }
  return { ...provenanceOf(done.cell, done.boots, noise, decidedAfter), ...done.measured, verdict, reason }
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

/** How a cell ended. An interrupted one has boots that never ended, and none that failed; until sure, none that ended. */
export type CellOutcome =
  | ({ kind: 'done' } & Done)
  | { kind: 'failed'; cell: Cell; boots: EndedBoot[]; broken: FailedBoot }
  | { kind: 'interrupted' }

export function outcomeOf(cell: Cell, ended: EndedBoot[]): CellOutcome {
  const boots = ended.filter((boot) => boot.cell === cell).sort((a, b) => a.boot - b.boot)
  const broken = boots.find((boot) => boot.kind === 'failed')
  if (broken) return { kind: 'failed', cell, boots, broken }
  const measured = boots.filter((boot) => boot.kind === 'done')
  const all = cell.untilSure ? measured.length > 0 : measured.length === cell.boots
  return all ? { kind: 'done', ...gathered(cell, measured) } : { kind: 'interrupted' }
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
