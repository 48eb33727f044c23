import type { BootDone, BootFailed } from '../../engine/local/local.ts'
import type { Cell } from '../../model/cell.ts'
import type { Measured } from '../../model/measured.ts'
import type { FailedCell, MeasuredCell, Provenance } from '../../model/result.ts'
import { measure } from '../measure.ts'
import { noiseOf, type Pace } from './noise.ts'
import { overloaded } from './overload.ts'
import { judge, type VerdictInput } from './verdict.ts'

/** A cell all of whose boots ended well; its verdict needs the other cells. */
export interface Done {
  cell: Cell
  /** In order. */
  boots: BootDone[]
  measured: Measured
}

/** What the boots of one cell come to. */
export const gathered = (cell: Cell, boots: BootDone[]): Done => ({
  cell,
  boots,
  measured: measure(
    boots.map(({ tally }) => tally),
    cell,
  ),
})

/** What a cell is, and where those of its boots ran that began. */
function provenanceOf(cell: Cell, boots: (BootDone | BootFailed)[]): Provenance {
  const { kernel, guest, accel, case: of, proxy, load, seed } = cell
  return {
    kernel: kernel.name,
    series: kernel.series,
    case: of.name,
    guest,
    accel,
    proxy: { name: proxy.name, version: proxy.version, maxaccept: proxy.maxaccept },
    kernelSha256: kernel.sha256,
    kernelVersion:
      boots.map((boot) => ('tally' in boot ? boot.kernelVersion : null)).find((version) => version) ?? null,
    load,
    seed,
    noisy: false,
    noise: [],
    boots: cell.boots,
    eachBoot: boots.map(({ facts }) => facts),
    folder: cell.name,
  }
}

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

/** Whether two cells differ in nothing but the case, so that one can be the other's control. */
const alike = (a: Cell, b: Cell) =>
  a.kernel.name === b.kernel.name &&
  a.proxy.version === b.proxy.version &&
  a.proxy.maxaccept === b.proxy.maxaccept &&
  a.load.name === b.load.name

/** The verdict on a cell, beside the others of its run. */
export function judged(done: Done, all: Done[]): MeasuredCell {
  const paces = all.flatMap(pacesOf)
  const noiseIn = (of: Done) => pacesOf(of).flatMap((pace) => noiseOf(pace, paces))
  const provenance = provenanceOf(done.cell, done.boots)
  const facts = (of: Done): VerdictInput => ({
    case: of.cell.case,
    guest: of.cell.guest,
    kernel: of.cell.kernel,
    seed: of.cell.seed,
    boots: of.boots.map(({ facts, pins, tally }) => ({ ...facts, ...tally, pins })),
    measured: of.measured,
    noisy: noiseIn(of).length > 0,
    overloaded: overloaded({ load: of.cell.load, boots: of.cell.boots, ...of.measured }),
  })
  const control = all.find(({ cell }) => cell.case.control === 'positive' && alike(cell, done.cell))
  const noise = noiseIn(done)
  const verdict = judge(facts(done), control && facts(control))
  return { ...provenance, noisy: noise.length > 0, noise, ...done.measured, ...verdict }
}

/** A cell of which a boot failed: it has no numbers, whatever its other boots told. */
export function failed(cell: Cell, boots: (BootDone | BootFailed)[]): FailedCell {
  const broken = boots.find((boot) => 'reason' in boot)!
  const where = cell.boots > 1 ? `boot ${broken.boot}: ` : ''
  return {
    ...provenanceOf(cell, boots),
    verdict: 'failed',
    reason: `${where}${broken.reason}`,
    consoleTail: broken.consoleTail,
  }
}
