import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyCache, copyCheckout, HOME, inFolder, runLab } from './checkout.ts'
import { type Finding, finding, saidOf } from './finding.ts'
import { CAPACITY_PLANTS } from './source/capacity.ts'
import { COUNTER_PLANTS } from './source/counters.ts'
import { GENERATOR_PLANTS } from './source/generator.ts'
import { GUEST_PLANTS } from './source/guest.ts'
import type { Edit, SourcePlant } from './source/plant.ts'
import { RELOADER_PLANTS } from './source/reloader.ts'

/** A short run on the host's kernel. */
const SHORT = ['--kernel', 'host', '--users', '20', '--boots', '1', '--duration', '2']

/** All defects of the lab's own source. */
export const SOURCE_PLANTS: SourcePlant[] = [
  ...GENERATOR_PLANTS,
  ...COUNTER_PLANTS,
  ...RELOADER_PLANTS,
  ...GUEST_PLANTS,
  ...CAPACITY_PLANTS,
]

/**
 * The text of a source file with a defect planted.
 *
 * @throws Error unless the text to be replaced is there exactly once: a rotten plant would prove nothing
 */
export function planted({ file, find, replace }: Edit, checkout = HOME): string {
  const text = readFileSync(join(checkout, file), 'utf8')
  const times = text.split(find).length - 1
  if (times !== 1) throw new Error(`a rotten plant: ${file} has ${JSON.stringify(find)} ${times} times, not once`)
  // replace() would interpret $ in the new text.
  return text.split(find).join(replace)
}

/** Plants a defect in a copy of the lab and runs that. */
export async function runSabotaged(plant: SourcePlant, signal: AbortSignal): Promise<Finding> {
  return inFolder(async (folder) => {
    const checkout = join(folder, 'checkout')
    copyCheckout(checkout)
    for (const edit of plant.edits) writeFileSync(join(checkout, edit.file), planted(edit, checkout))
    const args = [...(plant.args ?? SHORT), '--case', plant.case]
    const { result } = await runLab(checkout, args, join(folder, 'run'), signal, copyCache(folder))
    return finding(plant, saidOf(result, plant.case))
  })
}
