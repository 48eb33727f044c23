import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../model/fault.ts'
import type { Result } from '../model/result.ts'
import { readResult } from '../saved/reread.ts'
import { inFolder, type Ran } from './checkout.ts'
import { type Caught, type Finding, finding, type Plant, type Said } from './finding.ts'

/** A saved run that somebody edited. */
interface SavedPlant extends Plant {
  /** The edited file, by the folder of the case `none`. */
  file: (none: string) => string
  edit: (text: string) => string
}

const refused = (by: RegExp): Caught => ({ verdict: ['refused'], by })

/** All edits of saved runs. */
export const SAVED_PLANTS: SavedPlant[] = [
  {
    name: 'events-edited',
    planted: 'somebody removes a reset from the saved events',
    file: (none) => `${none}/boot-1/events.jsonl`,
    edit: (text) => text.replace(/\["A",\d+,\d+,\d+\],/, ''),
    caught: refused(/events.jsonl: the account does not add up/),
  },
  {
    name: 'events-cut',
    planted: 'somebody removes a line from the saved events',
    file: (none) => `${none}/boot-1/events.jsonl`,
    edit: (text) => text.replace(/^.*"e":"reload".*\n/m, ''),
    caught: refused(/event \d+ is missing/),
  },
  {
    name: 'result-edited',
    planted: 'somebody adds a thousand answered connections to the saved result',
    file: () => 'result.json',
    edit: (text) => text.replace(/"ok": ?(\d+)/, (_, ok) => `"ok": ${Number(ok) + 1000}`),
    caught: refused(/connections \d+: expected/),
  },
]

/** Edits a copy of a run with `none` and lets the lab read it back. */
export async function judgeEdited(plant: SavedPlant, { out, result }: Pick<Ran, 'out' | 'result'>): Promise<Finding> {
  return inFolder(async (folder) => {
    const copy = join(folder, 'run')
    cpSync(out, copy, { recursive: true })
    const none = result.cells.find((cell) => cell.case === 'none')!
    const path = join(copy, plant.file(none.folder))
    const before = readFileSync(path, 'utf8')
    const after = plant.edit(before)
    if (before === after) throw new Error(`a rotten plant: ${plant.name} changes nothing in ${path}`)
    writeFileSync(path, after)
    const said = readBack(copy, result.lab).map((one) => ({ ...one, reason: one.reason.replaceAll(`${copy}/`, '') }))
    return finding(plant, said)
  })
}

/** Nothing when the run is believed, else why it is refused. */
function readBack(folder: string, lab: Result['lab']): Said[] {
  try {
    readResult(folder, () => {}, lab)
    return []
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return [{ verdict: 'refused', reason: error.message }]
  }
}
