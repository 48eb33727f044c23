import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyCache, copyCheckout, HOME, inFolder, runLab } from './checkout.ts'
import { LAB_PLANTS } from './lab-plants.ts'
import { type Caught, type Finding, finding, saidOf } from './plant.ts'

/** Text of a source file that is replaced; it must be there once. */
export interface Edit {
  file: string
  find: string
  replace: string
}

/** A defect of the lab itself, planted in a copy of the checkout. */
export interface LabPlant {
  name: string
  /** What was planted, in one sentence. */
  planted: string
  edits: Edit[]
  /** The case whose cell must notice. */
  case: string
  /** Options of lab/run.ts, in place of those of a short run on the host's kernel. */
  args?: string[]
  caught: Caught
  /** Quick and important enough for `npm test`; the bench runs all. */
  quick?: true
}

const SHORT = ['--kernel', 'host', '--users', '20', '--boots', '1', '--duration', '2']

/** All defects of the lab itself. */
export const labPlants: LabPlant[] = LAB_PLANTS

/**
 * The source of a file with its defect in.
 *
 * @throws Error when the text to be replaced is not there exactly once: the plant is rotten, and would prove nothing
 */
export function planted({ file, find, replace }: Edit, of = HOME): string {
  const text = readFileSync(join(of, file), 'utf8')
  const times = text.split(find).length - 1
  if (times !== 1) throw new Error(`a rotten plant: ${JSON.stringify(find)} is ${times} times in ${file}, not once`)
  // Not replace(): it would read $ in the new text.
  return text.split(find).join(replace)
}

/** Plants a defect in a copy of the lab, and runs that. */
export async function runSabotaged(plant: LabPlant, signal: AbortSignal): Promise<Finding> {
  return inFolder(async (folder) => {
    const checkout = join(folder, 'checkout')
    copyCheckout(checkout)
    for (const edit of plant.edits) writeFileSync(join(checkout, edit.file), planted(edit, checkout))
    const args = [...(plant.args ?? SHORT), '--case', plant.case]
    const { result } = await runLab(checkout, args, join(folder, 'run'), signal, copyCache(folder))
    return finding(plant, saidOf(result, plant.case))
  })
}
