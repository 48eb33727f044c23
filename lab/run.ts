import { readFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { quote } from 'zx'
import { filesOfCases } from '../cases/load.ts'
import { fileSha256 } from '../images/cache/cache.ts'
import { matchKernels } from '../images/kernels/catalogue.ts'
import { main, within } from './cli/main.ts'
import { type Options, parseOptions, type Resume } from './cli/options.ts'
import { publish } from './cli/publish.ts'
import type { Engine } from './engine/engine.ts'
import { localEngine } from './engine/local/local.ts'
import { GUESTS, guestFor } from './guest/guests.ts'
import type { MeasuredBoot } from './measure/boot.ts'
import { exitStatus } from './measure/verdict/status.ts'
import { fileName } from './model/cell.ts'
import { again } from './model/command.ts'
import { isMeasured, type KernelFacts, type Result } from './model/result.ts'
import { factsOfRun } from './plan/facts.ts'
import { usersOf } from './plan/loads.ts'
import { makePlan } from './plan/plan.ts'
import { kernelFacts, type Subject } from './prepare/kernels.ts'
import { prepare } from './prepare/prepare.ts'
import { carryOut, missingBoots, requireParts } from './run/carry-out.ts'
import { changedCases } from './saved/changed-cases.ts'
import { makeFolder, requireEmpty, saveFiles, unmakeFolders } from './saved/files.ts'
import { lockRun } from './saved/lock.ts'
import { HOME, joinProvenance, runProvenance } from './saved/provenance.ts'
import { readOutcomes, readRun, type SavedRun, saveRun } from './saved/run.ts'

/** Cells have limits of their own (lab/guest/guest.ts), so that with this one the whole run has. */
const PREPARE_SECONDS = 1800

await main(async (argv, signal) => {
  const since = Date.now()
  const options = await parseOptions(argv)
  if (typeof options === 'string') {
    process.stdout.write(options)
    return 0
  }
  const { jobs, json } = options
  const engine = localEngine()
  const { run, folder, done, before } =
    'resume' in options ? await reopen(options, engine) : await begin(options, argv, signal)
  const missing = missingBoots(run.cells, done).length
  const seconds = () => before + (missing ? (Date.now() - since) / 1000 : 0)
  // Its renderer would write to stdout where only stderr is a terminal.
  const terminal = Boolean(process.stdout.isTTY && process.stderr.isTTY)
  const cells = await carryOut(run, folder, { engine, jobs, done, terminal, seconds, signal })
  const { caseFiles, ...saved } = run
  const result: Result = { ...saved, seconds: seconds(), cells, interrupted: signal.aborted }
  await publish(result, folder, json)
  if (cells.filter(isMeasured).length < run.cells.length)
    note(`to run what is missing: npx tsx lab/run.ts --resume ${quote(relative(process.cwd(), folder) || '.')}`)
  return exitStatus(result)
})

function note(line: string) {
  process.stderr.write(`${line}\n`)
}

/** A run that can be carried out. */
interface Ready {
  run: SavedRun
  folder: string
  /** Boots that have ended well before, and the seconds that it took then. */
  done: MeasuredBoot[]
  before: number
}

/** Prepares a run and saves its plan. */
async function begin(options: Options, argv: string[], signal: AbortSignal): Promise<Ready> {
  const started = new Date().toISOString()
  const specs = options.kernel.flatMap(matchKernels)
  for (const guest of new Set(specs.map(guestFor)))
    for (const users of usersOf(options)) GUESTS[guest].requireUsers(users)
  // A path is labelled by its basename.
  const name = fileName(options.kernel.map((kernel) => basename(kernel)).join('-'))
  const folder = options.out ?? join(HOME, 'reports', `${started.replace(/[-:]|\.\d+/g, '')}-${name}`)
  const made = makeFolder(folder)
  try {
    await lockRun(folder)
    requireEmpty(folder)
    const kept: Record<string, string> = {}
    const preparing = prepare(options, note, signal, (name, text) => {
      kept[name] = text
    })
    const means = await within(PREPARE_SECONDS, 'fetching and building what the run needs', preparing)
    const kernels = await Promise.all(
      means.kernels.map(async (kernel) => kernelFacts(kernel, await saveConfig(kernel, folder))),
    )
    const plan = makePlan(options, means)
    const run: SavedRun = {
      schema: 2,
      name,
      started,
      argv: ['lab/run.ts', ...argv],
      ...runProvenance(),
      kernels,
      cases: factsOfRun(
        means.cases,
        means.proxies.map((proxy) => proxy.name),
        means.traits,
      ),
      ...plan,
      caseFiles: await filesOfCases(['*', ...options.case]),
    }
    saveFiles(folder, kept)
    saveRun(folder, run)
    return { run, folder, done: [], before: 0 }
  } catch (error) {
    unmakeFolders(made)
    throw error
  }
}

/** Goes on with a run that broke. */
async function reopen({ resume: folder }: Resume, engine: Engine): Promise<Ready> {
  const saved = readRun(folder)
  await lockRun(folder)
  const { done, seconds: before } = readOutcomes(folder, saved, note)
  const starts = missingBoots(saved.cells, done)
  const missing = saved.cells.filter((cell) => starts.some((start) => start.cell === cell))
  const rest = starts.length ? `${starts.length} to run` : 'nothing to run; making its reports again'
  note(`${folder}: ${done.length} of ${done.length + starts.length} boots had ended, ${rest}`)
  if (!missing.length) return { run: saved, folder, done, before }
  await requireParts(engine, saved, starts)
  for (const { guest, load } of missing) GUESTS[guest].requireUsers(load.users)
  for (const file of await changedCases(saved.caseFiles, missing))
    note(
      `${file} has changed since: what is missing runs the commands that were saved with the run, as what had ended did. For a run of the new ones: ${again(saved.argv)}`,
    )
  const run = { ...saved, ...joinProvenance(saved, runProvenance()) }
  saveRun(folder, run)
  return { run, folder, done, before }
}

/** Saves a kernel's configuration with the run. */
async function saveConfig({ kernel, config }: Subject, folder: string): Promise<KernelFacts['config']> {
  if (!config) return null
  const file = fileName(`config-${kernel.name}`)
  saveFiles(folder, { [file]: await readFile(config, 'utf8') })
  return { file, sha256: await fileSha256(config) }
}
