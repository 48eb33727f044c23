import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../model/fault.ts'
import { readResult } from '../saved/reread.ts'
import { inFolder, type Ran } from './checkout.ts'
import { type Caught, type Finding, finding, type Said } from './plant.ts'

/** A saved run that somebody edited. */
export interface SavedPlant {
  name: string
  planted: string
  /** Which file of it, given the folder of its case `none`. */
  file: (none: string) => string
  edit: (text: string) => string
  caught: Caught
}

const REFUSED = (by: RegExp): Caught => ({ verdict: ['refused'], by })

/** All edits of saved runs. */
export const savedPlants: SavedPlant[] = [
  {
    name: 'events-edited',
    planted: 'somebody takes a reset out of the saved events',
    file: (none) => `${none}/boot-1/events.jsonl`,
    edit: (text) => text.replace(/\["A",\d+,\d+,\d+\],/, ''),
    caught: REFUSED(/events.jsonl: the account does not add up/),
  },
  {
    name: 'events-cut',
    planted: 'somebody takes a line out of the saved events',
    file: (none) => `${none}/boot-1/events.jsonl`,
    edit: (text) => text.replace(/^.*"e":"reload".*\n/m, ''),
    caught: REFUSED(/event \d+ is missing/),
  },
  {
    name: 'result-edited',
    planted: 'somebody adds a thousand answered connections to the saved result',
    file: () => 'result.json',
    edit: (text) => text.replace(/"ok": ?(\d+)/, (_, ok) => `"ok": ${Number(ok) + 1000}`),
    caught: REFUSED(/connections \d+: expected/),
  },
]

/** Whether the edited copy of a run with `none` is believed. */
export async function forge(plant: SavedPlant, { out, result }: Pick<Ran, 'out' | 'result'>): Promise<Finding> {
  return inFolder(async (folder) => {
    const copy = join(folder, 'run')
    cpSync(out, copy, { recursive: true })
    const none = result.cells.find((cell) => cell.case === 'none')!
    const path = join(copy, plant.file(none.folder))
    const before = readFileSync(path, 'utf8')
    const after = plant.edit(before)
    if (before === after) throw new Error(`a rotten plant: ${plant.name} changes nothing in ${path}`)
    writeFileSync(path, after)
    const said = believed(copy).map((one) => ({ ...one, reason: one.reason.replaceAll(`${copy}/`, '') }))
    return finding(plant, said)
  })
}

function believed(folder: string): Said[] {
  try {
    readResult(folder, () => {})
    return []
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return [{ verdict: 'refused', reason: error.message }]
  }
}
