import { existsSync, readFileSync, statSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { quote } from 'zx'
import { Case, FEATURES } from '../../cases/case.ts'
import { notReady, usage } from '../../images/fault.ts'
import { Load, Measured, Provenance, Result, Skipped } from '../measure/result.ts'
import { type Cell, cellName } from '../plan/cell.ts'
import type { Done } from './local.ts'
import { saveFiles } from './save.ts'

const PLAN = 'plan.json'
const OUTCOME = 'outcome.json'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const amount = v.pipe(v.number(), v.minValue(0))
const path = v.pipe(v.string(), v.nonEmpty())

const Kernel = v.looseObject({
  name: v.string(),
  series: v.string(),
  sha256: v.nullable(v.string()),
  image: v.nullable(path),
  modules: v.nullable(path),
  features: v.nullable(
    v.looseObject(v.entriesFromList(FEATURES, v.looseObject({ has: v.boolean(), said: v.string() }))),
  ),
  hint: v.optional(v.string()),
})

/** A cell as it is saved. Loose: what a cell has beside what is checked must not get lost on the way. */
const SavedCell: v.GenericSchema<unknown, Cell> = v.looseObject({
  guest: v.picklist(['qemu', 'host']),
  accel: v.picklist(['tcg', 'kvm', 'native']),
  kernel: Kernel,
  root: v.looseObject({ userland: path, programs: path }),
  haproxy: v.looseObject({ path, version: v.string() }),
  case: Case,
  load: Load,
  seed: count,
})

/** A file of the host when the run began. */
const Stamp = v.object({ size: count, mtimeMs: amount })

/** plan.json: all that it takes to go on with a run that broke, and to write its result as if it had not. */
export const SavedRun = v.object({
  ...v.pick(Result, ['schema', 'name', 'started', 'argv', 'lab', 'host', 'kernels', 'cases']).entries,
  cells: v.array(SavedCell),
  skipped: v.array(Skipped),
  /** Files that the cells are made from, by path. */
  files: v.record(v.string(), Stamp),
})
export type SavedRun = v.InferOutput<typeof SavedRun>

/** outcome.json, in the folder of a cell that ended well. */
const SavedOutcome = v.object({
  /** Of the run that it belongs to: a folder may have been used before. */
  started: v.string(),
  /** Seconds of the run until then. */
  seconds: amount,
  provenance: Provenance,
  measured: Measured,
  backwards: amount,
})

/** What a cell is made from on this machine. */
const pathsOf = ({ kernel, root, haproxy }: Cell) =>
  [kernel.image, kernel.modules, root.userland, root.programs, haproxy.path].filter((part) => part !== null)

/** Size and time of a file; null for a directory, whose time says nothing of what is in it. */
function stamp(file: string): v.InferOutput<typeof Stamp> | null {
  const stat = statSync(file)
  return stat.isDirectory() ? null : { size: stat.size, mtimeMs: stat.mtimeMs }
}

/** The files that cells are made from, as they are now. */
export function stamps(cells: Cell[]): SavedRun['files'] {
  const files = [...new Set(cells.flatMap(pathsOf))].map((file) => [file, stamp(file)] as const)
  return Object.fromEntries(files.flatMap(([file, now]) => (now ? [[file, now]] : [])))
}

/** Saves what a run is going to do. @throws a Fault (exit 4) when the disk does not take it */
export function saveRun(folder: string, run: SavedRun) {
  saveFiles(folder, { [PLAN]: `${JSON.stringify(run)}\n` })
}

/** Reads back what a run was going to do. @throws a Fault (exit 2) when there is no plan, or it cannot be understood */
export function readRun(folder: string): SavedRun {
  const file = join(folder, PLAN)
  if (!existsSync(file)) throw usage(`--resume ${folder}: no run to go on with: there is no ${PLAN}`, 'ls reports')
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), SavedRun), readFileSync(file, 'utf8'))
  if (read.success) return read.output
  const [issue] = read.issues
  throw usage(`--resume ${folder}: ${PLAN} is no plan: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`)
}

/** Saves how a cell ended. @throws a Fault (exit 4) when the disk does not take it */
export function saveOutcome(folder: string, { started }: SavedRun, done: Done, seconds: number) {
  const { provenance, measured, backwards } = done
  const outcome: v.InferOutput<typeof SavedOutcome> = { started, seconds, provenance, measured, backwards }
  saveFiles(join(folder, provenance.folder), { [OUTCOME]: `${JSON.stringify(outcome)}\n` })
}

function readIfSaved<T>(file: string, schema: v.GenericSchema<unknown, T>): T | null {
  if (!existsSync(file)) return null
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), readFileSync(file, 'utf8'))
  return read.success ? read.output : null
}

/**
 * What a run has achieved so far.
 *
 * @returns the cells that ended well (what cannot be read has not), and the wall seconds that the run took until its
 *   result or, when it was killed before, its last cell was saved: those after are unknown and do not count
 */
export function readOutcomes(folder: string, { started, cells }: SavedRun): { done: Done[]; seconds: number } {
  const result = readIfSaved(join(folder, 'result.json'), v.object({ started: v.string(), seconds: amount }))
  const times = result?.started === started ? [result.seconds] : []
  const done: Done[] = []
  for (const cell of cells) {
    const outcome = readIfSaved(join(folder, cellName(cell), OUTCOME), SavedOutcome)
    if (outcome?.started !== started || outcome.provenance.kernelSha256 !== cell.kernel.sha256) continue
    const { seconds, provenance, measured, backwards } = outcome
    done.push({ cell, provenance, measured, backwards })
    times.push(seconds)
  }
  return { done, seconds: Math.max(0, ...times) }
}

/** @throws a Fault (exit 3) when cells of a run can no longer be carried out as they were planned */
export function requireUnchanged({ argv, files }: SavedRun, cells: Cell[]) {
  const fault = (what: string) =>
    notReady(`${what}: what is missing of this run cannot be made up for`, `npx tsx ${argv.map(quote).join(' ')}`)
  for (const file of new Set(cells.flatMap(pathsOf))) {
    if (!existsSync(file)) throw fault(`${file} is gone`)
    const [was, is] = [files[file], stamp(file)]
    if (was && (was.size !== is?.size || was.mtimeMs !== is.mtimeMs)) throw fault(`${file} has changed`)
  }
  const other = cells.find(({ guest, kernel }) => guest === 'host' && kernel.name !== release())
  if (other) throw fault(`this host ran Linux ${other.kernel.name} and now runs ${release()}`)
}
