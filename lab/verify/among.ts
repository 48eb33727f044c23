import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import * as v from 'valibot'
import { quote } from 'zx/core'
import { usage } from '../model/fault.ts'
import { again } from '../model/text/command.ts'
import { readJson } from '../model/text/mistakes.ts'
import type { Note } from '../model/text/note.ts'
import { readSaved } from '../saved/foreign.ts'
import { planIn } from '../saved/run.ts'

/**
 * The folders of runs among paths, which a shell may have made of `reports/*`: those of none and comparisons are passed over.
 *
 * @param typed folders, or their result.json
 * @param note takes a line for each that is passed over
 * @throws a Fault (exit 2) where there is no such path, or no run among them
 */
export function runsAmong(typed: string[], note: Note): string[] {
  const paths = typed.map((path) => (basename(path) === 'result.json' ? dirname(path) : path))
  for (const path of paths)
    if (!existsSync(path)) throw usage(`${path}: no saved run: there is no such file or folder`, LIST)
  const others = paths.flatMap((path) => {
    const other = noRun(path)
    return other ? [{ path, ...other }] : []
  })
  if (others.length === paths.length)
    throw usage(others.map(({ path, why }) => `${path}: ${why}`).join('\n'), others[0]!.hint)
  for (const { path, why } of others) note(`passed over ${path}: ${why}`)
  return paths.filter((path) => !others.some((other) => other.path === path))
}

const LIST = 'ls reports reports/reference'

/** Why there is no run to verify at a path, and what to type instead; null where there is one. */
function noRun(path: string): { why: string; hint: string } | null {
  if (!existsSync(join(path, 'result.json')))
    return existsSync(planIn(path))
      ? { why: 'a run that has not ended', hint: `npx tsx lab/run.ts --resume ${quote(path)}` }
      : { why: 'no saved run: there is no result.json', hint: LIST }
  // One that cannot be read is a run of which verifying says so.
  const { output } = readJson(v.object({ argv: v.array(v.string()) }), readSaved(join(path, 'result.json')))
  if (output?.argv[0] !== 'lab/compare.ts') return null
  return { why: 'a comparison: verify the runs that it was made from', hint: again(output.argv) }
}
