import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CasePlant } from './broken.ts'
import { HOME, inFolder, type Ran, runLab } from './checkout.ts'
import { type Finding, finding, saidOf } from './plant.ts'

const FOLDER = fileURLToPath(new URL('cases', import.meta.url))

/** A short run: what is broken shows in a handful of reloads. */
const SHORT = ['--users', '20', '--boots', '1', '--duration', '2']

/** A broken case, and the file that it is in. */
export type PlantedCase = CasePlant & { file: string; name: string }

/** All broken cases, by name. */
export async function plantedCases(): Promise<PlantedCase[]> {
  const files = readdirSync(FOLDER).sort()
  return Promise.all(
    files.map(async (name) => {
      const file = join(FOLDER, name)
      return { ...((await import(file)) as CasePlant), file, name: basename(name, '.ts') }
    }),
  )
}

/** Cases that are run together: on one kernel, with the same options. */
interface Together {
  args: string[]
  plants: PlantedCase[]
}

/** Plants by how they are run. */
export function together(plants: PlantedCase[]): Together[] {
  const groups = new Map<string, Together>()
  for (const plant of plants) {
    const load = plant.args ? ['--duration', '1', '--boots', '1', ...plant.args] : SHORT
    // A control would stand for the one that the others need.
    const own = plant.default.control === 'positive' ? plant.name : ''
    const args = ['--kernel', plant.kernel ?? 'host', ...load]
    const key = [...args, own].join(' ')
    const group = groups.get(key) ?? { args, plants: [] }
    groups.set(key, group)
    group.plants.push(plant)
  }
  return [...groups.values()]
}

/**
 * Runs broken cases through the command line, with healthy ones beside them.
 *
 * @param healthy names of cases of the lab
 * @param use sees the run, and what became of the defects, before its folder is removed
 */
export async function runCases(
  { args, plants }: Together,
  healthy: string[],
  signal: AbortSignal,
  use: (ran: Ran, findings: Finding[]) => void | Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const names = [...healthy, ...plants.map(({ file }) => file)]
    const ran = await runLab(HOME, [...args, '--case', names.join(',')], join(folder, 'run'), signal)
    const findings = plants.map((plant) =>
      finding({ ...plant, planted: plant.default.idea }, saidOf(ran.result, plant.name)),
    )
    await use(ran, findings)
  })
}
