import { basename, join } from 'node:path'
import { filesOfCases } from '../../../cases/load.ts'
import { contentSha256 } from '../../../images/cache/hash.ts'
import { matchKernels } from '../../../images/kernels/catalogue.ts'
import { within } from '../../cli/children.ts'
import { installs } from '../../cli/options/installs.ts'
import type { RunOptions } from '../../cli/options/run.ts'
import { supplyOf } from '../../cli/options/supply.ts'
import { requireLinux } from '../../engine/docker/platform.ts'
import { GUESTS, guestFor } from '../../guest/guests.ts'
import { fileName } from '../../model/cell.ts'
import type { Prepared, ReadyKernel } from '../../model/prepared.ts'
import type { Request } from '../../model/request.ts'
import type { KernelFacts } from '../../model/result.ts'
import type { Note } from '../../model/text/note.ts'
import { factsOfRun } from '../../plan/case-facts.ts'
import { planExperiments } from '../../plan/experiments.ts'
import { mostUsers } from '../../plan/loads.ts'
import { planAll } from '../../plan/plan.ts'
import { POSITIVE_CONTROL } from '../../prepare/cases.ts'
import { inOrder, kernelFacts } from '../../prepare/kernels.ts'
import { makeFolder, requireEmpty, saveFiles, unmakeFolders } from '../../saved/files.ts'
import { lockRun } from '../../saved/lock.ts'
import { type SavedRun, saveRun } from '../../saved/run.ts'
import { HOME, runProvenance } from '../../saved/version/provenance.ts'
import { WORKPLACES } from '../workplace/engines.ts'
import { ownFiles } from '../workplace/own-files.ts'
import { askedOf } from './asked.ts'
import { hostOfCells } from './machines.ts'
import type { OpenRun } from './open-run.ts'

/** Cells have limits of their own (lab/guest/guest.ts); with this one the whole run has one. */
const PREPARE_SECONDS = 1800

/**
 * Prepares a run and saves its plan. A run that fails before leaves nothing behind.
 *
 * @param argv the command line that is saved with it
 */
export async function beginRun(options: RunOptions, argv: string[], note: Note, signal: AbortSignal): Promise<OpenRun> {
  // Not even the folder of a run can be locked elsewhere.
  if (options.engine !== 'local') requireLinux()
  const { requests, rows, experiments, shard, several } = await askedOf(options)
  const started = new Date().toISOString()
  for (const guest of new Set(requests.flatMap(({ kernels }) => kernels.flatMap(matchKernels)).map(guestFor)))
    GUESTS[guest].requireUsers(Math.max(...requests.map(mostUsers)))
  const name = nameOf(options.request, experiments)
  const place = shard ? `${name}-shard-${shard.index}-of-${shard.of}` : name
  const folder = options.out ?? join(HOME, 'reports', `${started.replace(/[-:]|\.\d+/g, '')}-${place}`)
  const made = makeFolder(folder)
  try {
    await lockRun(folder)
    requireEmpty(folder)
    const kept: Record<string, string> = {}
    const keep = (file: string, text: string) => {
      kept[file] = text
    }
    const { mirror, archive, snapshot, keyring } = options
    const own = options.engine === 'local' ? [] : ownFiles(requests, { mirror, archive, snapshot, keyring })
    const { workplace, prepared, provenance } = await within(
      PREPARE_SECONDS,
      'fetching and building what the run needs',
      signal,
      async (signal) => {
        const supply = supplyOf(options, note, signal)
        const { registry } = options
        const workplace = await WORKPLACES[options.engine]({
          files: own,
          registry,
          supply,
          oneOfMany: shard !== undefined,
        })
        // Asks git and QEMU meanwhile, and never fails.
        const provenance = runProvenance(workplace.host)
        const may = { install: installs(options), keep, mayBeNone: shard !== undefined }
        const prepared = requests.length ? await workplace.prepare(requests, supply, may) : []
        return { workplace, provenance, prepared }
      },
    )
    const plan = rows.length
      ? planExperiments(rows, prepared, several)
      : { ...planAll(requests, prepared, several), experiments: [] }
    const kernels = kernelsOf(prepared)
    const { lab, host } = await provenance
    const run: SavedRun = {
      schema: 2,
      name,
      started,
      argv,
      lab,
      host: await hostOfCells(host, plan.cells),
      ...(own.length > 0 && { ownFiles: own }),
      ...(options.registry && { registry: options.registry }),
      sources: Object.assign({}, ...prepared.map(({ sources }) => sources)),
      ...(shard && { shard }),
      kernels: kernels.map((ready) => kernelFacts(ready, saveConfig(ready, folder))),
      cases: factsOfRun(
        casesOf(prepared),
        [...new Set(prepared.flatMap(proxiesIn).map(({ name }) => name))],
        prepared[0]?.traits ?? [],
      ),
      ...plan,
      ...(options.mine && { mine: options.mine }),
      capacities: capacitiesOf(prepared),
      caseFiles: await filesOfCases([...requests.flatMap(({ cases }) => cases), POSITIVE_CONTROL]),
    }
    saveFiles(folder, kept)
    saveRun(folder, run)
    return { run, engine: workplace.engine, folder, done: [], before: 0, missing: run.cells.length > 0 }
  } catch (error) {
    unmakeFolders(made)
    throw error
  }
}

/** With more experiments the name of a run does not tell them. */
const FEW_EXPERIMENTS = 3

/** The kernels as they were asked for, a path by its basename, and the experiments. */
function nameOf({ kernels }: Request, names: string[]): string {
  return fileName(
    [...kernels.map((kernel) => basename(kernel)), ...(names.length > FEW_EXPERIMENTS ? ['experiments'] : names)].join(
      '-',
    ),
  )
}

/** The kernels of all requests, each once, the oldest first. */
const kernelsOf = (prepared: Prepared[]) =>
  inOrder([...new Map(prepared.flatMap(({ kernels }) => kernels.map((one) => [one.kernel.name, one]))).values()])

/** What all requests found out, each once. */
const capacitiesOf = (prepared: Prepared[]) => [
  ...new Map(
    prepared.flatMap(({ capacities }) => capacities.map((one) => [`${one.kernel} ${one.proxy}`, one])),
  ).values(),
]

/** The cases of all requests, each once. */
const casesOf = (prepared: Prepared[]) => [
  ...new Map(prepared.flatMap(({ cases }) => cases.map((one) => [one.name, one]))).values(),
]

/** The proxies of all kernels. */
const proxiesIn = ({ kernels }: Prepared) => kernels.flatMap(({ proxies }) => proxies)

/** Saves a kernel's configuration with the run. */
function saveConfig({ kernel, config }: ReadyKernel, folder: string): KernelFacts['config'] {
  if (!config) return null
  const file = fileName(`config-${kernel.name}`)
  saveFiles(folder, { [file]: config })
  return { file, sha256: contentSha256(config) }
}
