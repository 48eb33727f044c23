import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT } from '../model/fault.ts'
import { Result } from '../model/result.ts'
import { readJson } from '../model/text/mistakes.ts'
import type { Note } from '../model/text/note.ts'
import { readSaved } from '../saved/foreign.ts'
import { planIn, readRun } from '../saved/run.ts'
import { isSameLab } from '../saved/version/changes.ts'
import { runProvenance } from '../saved/version/provenance.ts'
import { runsAmong } from './among.ts'
import { about, type Finding, type Verified } from './finding.ts'
import { checkGuests } from './guests.ts'
import { checkInputs } from './inputs.ts'
import { checkNumbers } from './numbers.ts'
import { findingsText } from './text.ts'
import { checkVersion } from './version.ts'

/**
 * Checks saved runs, and prints what holds, what differs and what cannot be checked here.
 *
 * @param paths folders of runs, or their result.json
 * @param note takes a line for each that is passed over, see {@link runsAmong}
 * @returns the exit status: 0 when all that could be checked agrees, else 1
 * @throws a Fault (exit 2) where there is no run to verify
 */
export async function verifyRuns(paths: string[], json: boolean, width: number, note: Note): Promise<number> {
  const folders = runsAmong(paths, note)
  const verified: Verified[] = []
  for (const run of folders) {
    const one = { run, findings: await verifyRun(run) }
    verified.push(one)
    if (!json) process.stdout.write(findingsText(one, width))
  }
  if (json) process.stdout.write(`${JSON.stringify(verified, null, 2)}\n`)
  const differs = verified.some(({ findings }) => findings.some(({ is }) => is === 'differs'))
  return differs ? EXIT.contradicts : EXIT.expected
}

/** What a saved run says, item by item, and whether it holds. */
export async function verifyRun(folder: string): Promise<Finding[]> {
  const shape = about('shape')
  const { output: result, mistakes } = readJson(Result, readSaved(join(folder, 'result.json')))
  if (mistakes) return mistakes.map((mistake) => shape.differs('result.json', mistake))
  const { plan, wrong } = planOf(folder)
  const { lab } = await runProvenance()
  const alike = isSameLab(result.lab, lab)
  return [
    shape.ok('result.json', 'it has all fields, as the schema says'),
    ...wrong.map((mistake) => shape.differs('plan.json', mistake)),
    ...checkNumbers(folder, result, plan, alike),
    ...checkGuests(folder, result, plan, alike),
    ...(await checkInputs(folder, result, plan)),
    ...(await checkVersion(result)),
  ]
}

/** The plan of a run, where it was kept and is one. */
function planOf(folder: string) {
  if (!existsSync(planIn(folder))) return { plan: null, wrong: [] }
  try {
    return { plan: readRun(folder), wrong: [] }
  } catch (error) {
    return { plan: null, wrong: (error as Error).message.split('\n') }
  }
}
