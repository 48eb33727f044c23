import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { glob } from 'zx'
import type { CasePlant } from './case-plant.ts'
import { HOME, inFolder, type Ran, runLab } from './checkout.ts'
import { type Finding, finding, saidOf } from './finding.ts'

const FOLDER = fileURLToPath(new URL('cases', import.meta.url))

/** A short run: what is broken shows within a handful of reloads. */
const SHORT = ['--users', '20', '--boots', '1', '--duration', '2']

/** A broken case and its file. */
export type PlantedCase = CasePlant & { file: string; name: string }

/** All broken cases, by file. A case is named after its folder and file: `proof/missing.ts` holds `proof-missing`. */
export async function plantedCases(): Promise<PlantedCase[]> {
  const files = (await glob('*/*.ts', { cwd: FOLDER, absolute: true })).sort()
  return Promise.all(
    files.map(async (file) => {
      const name = relative(FOLDER, file).replace(/\.ts$/, '').replace('/', '-')
      return { ...((await import(file)) as CasePlant), file, name }
    }),
  )
}

/** Cases that share a run: one kernel, the same options. */
interface CaseGroup {
  args: string[]
  plants: PlantedCase[]
}

/** Plants by the run that they can share. */
export function groupedByRun(plants: PlantedCase[]): CaseGroup[] {
  const groups = new Map<string, CaseGroup>()
  for (const plant of plants) {
    const load = plant.args ? ['--duration', '1', '--boots', '1', ...plant.args] : SHORT
    // A broken positive control would replace the one that the other cases are compared with.
    const alone = plant.default.control === 'positive' ? plant.name : ''
    const args = ['--kernel', plant.kernel ?? 'host', ...load]
    const key = [...args, alone].join(' ')
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
 * @param use is called with the run and the findings before the folder of the run is removed
 */
export async function runCases(
  { args, plants }: CaseGroup,
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
