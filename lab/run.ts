import { readFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { quote } from 'zx'
import { filesOfCases } from '../cases/load.ts'
import { fileSha256 } from '../images/cache/cache.ts'
import { matchKernels } from '../images/kernels/catalogue.ts'
import { main, within } from './cli/main.ts'
import { type Options, parseOptions, type Resume } from './cli/options.ts'
import { publish } from './cli/publish.ts'
import type { BootDone } from './engine/local/local.ts'
import { carryOut, missingOf } from './engine/run.ts'
import { exitStatus } from './measure/verdict/status.ts'
import { fileName } from './model/cell.ts'
import { isMeasured, type KernelFacts, type Result } from './model/result.ts'
import { factsOfRun } from './plan/facts.ts'
import { usersOf } from './plan/loads.ts'
import { makePlan } from './plan/plan.ts'
import { requireDescriptors } from './prepare/descriptors.ts'
import { kernelFacts, type Subject } from './prepare/kernels.ts'
import { prepare } from './prepare/prepare.ts'
import { again } from './render/facts/format.ts'
import { mendedCases } from './saved/changed-cases.ts'
import { HOME, joined, surroundings } from './saved/environment.ts'
import { makeFolder, requireEmpty, saveFiles, unmakeFolders } from './saved/files.ts'
import { lockRun } from './saved/lock.ts'
import { readOutcomes, readRun, requireUnchanged, type SavedRun, saveRun, stamps } from './saved/run.ts'

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
  const { run, folder, done, before } = 'resume' in options ? await reopen(options) : await begin(options, argv, signal)
  const missing = missingOf(run.cells, done).length
  const seconds = () => before + (missing ? (Date.now() - since) / 1000 : 0)
  // Its renderer would write to stdout where only stderr is a terminal.
  const terminal = Boolean(process.stdout.isTTY && process.stderr.isTTY)
  const cells = await carryOut(run, folder, { jobs, done, terminal, seconds, signal })
  const { files, caseFiles, ...of } = run
  const result: Result = { ...of, seconds: seconds(), cells, interrupted: signal.aborted }
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
  done: BootDone[]
  before: number
}

/** Prepares a run and saves its plan. */
async function begin(options: Options, argv: string[], signal: AbortSignal): Promise<Ready> {
  const started = new Date().toISOString()
  const specs = options.kernel.flatMap(matchKernels)
  if (specs.includes('host')) for (const users of usersOf(options)) requireDescriptors(users)
  // Of a path the last part tells enough.
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
    const kernels = await Promise.all(means.kernels.map(async (of) => kernelFacts(of, await saveConfig(of, folder))))
    const plan = makePlan(options, means)
    const run: SavedRun = {
      schema: 2,
      name,
      started,
      argv: ['lab/run.ts', ...argv],
      ...surroundings(),
      kernels,
      cases: factsOfRun(
        means.cases,
        means.proxies.map((proxy) => proxy.name),
        means.traits,
      ),
      ...plan,
      files: stamps(plan.cells),
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
async function reopen({ resume: folder }: Resume): Promise<Ready> {
  const saved = readRun(folder)
  await lockRun(folder)
  const { done, seconds: before } = readOutcomes(folder, saved, note)
  const starts = missingOf(saved.cells, done)
  const missing = saved.cells.filter((cell) => starts.some((start) => start.cell === cell))
  const rest = starts.length ? `${starts.length} to run` : 'nothing to run; making its reports again'
  note(`${folder}: ${done.length} of ${done.length + starts.length} boots had ended, ${rest}`)
  if (!missing.length) return { run: saved, folder, done, before }
  requireUnchanged(saved, missing)
  for (const { guest, load } of missing) if (guest === 'host') requireDescriptors(load.users)
  for (const file of await mendedCases(saved.caseFiles, missing))
    note(
      `${file} has changed since: what is missing runs the commands that were saved with the run, as what had ended did. For a run of the new ones: ${again(saved.argv)}`,
    )
  const run = { ...saved, ...joined(saved, surroundings()) }
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
