import { basename, dirname, join, relative, resolve } from 'node:path'
import { exitStatus } from '../measure/verdict/status.ts'
import { Fault, usage } from '../model/fault.ts'
import type { CaseFacts, Mine, Result } from '../model/result.ts'
import { list } from '../model/text/amounts.ts'
import { commitText, labText } from '../model/text/lab.ts'
import { casesWithProxy } from '../render/facts/cells/cases.ts'
import { merge, type Run, seenFromOutside } from '../render/facts/groups/merge.ts'
import { unlike } from '../render/facts/machines/hosts.ts'
import { makeFolder, requireEmpty } from '../saved/files.ts'
import { readResult } from '../saved/reread.ts'
import { HOME, runProvenance } from '../saved/version/provenance.ts'
import { publish } from './publish.ts'
import { runOfShards } from './shards.ts'

/**
 * Publishes one result out of saved runs: a comparison, or the run that they are the shards of.
 *
 * @param paths folders of runs, or their result.json
 * @param argv the command line, which is saved with it
 * @returns the exit status
 * @throws a Fault (exit 2) with all runs that cannot be believed
 */
export async function compareRuns(
  paths: string[],
  options: { out?: string; format: 'tables' | 'mail'; json: boolean; mine?: Mine },
  argv: string[],
): Promise<number> {
  const folders = paths.map((path) => (basename(path) === 'result.json' ? dirname(path) : path))
  const names = labelsOf(folders)
  const results = readAll(folders, (await runProvenance()).lab)
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const out = options.out ?? join(HOME, 'reports', `${time}-compare`)
  const runs = results.map((result, i) => ({ label: folders[i]!, root: relative(out, folders[i]!), result }))
  const whole = runOfShards(runs, argv, note)
  makeFolder(out)
  requireEmpty(out)
  const { result: found, labels } = whole ? { result: whole, labels: undefined } : compared(runs, names, argv)
  const result = options.mine ? { ...found, mine: options.mine } : found
  const made = results.map(({ argv, lab, host }) => ({ argv, lab, host }))
  await publish(result, out, options, { labels, made })
  return exitStatus(result)
}

/** Several runs side by side, with the name of each cell's run; or a single one. */
function compared(runs: Run[], names: string[], argv: string[]): { result: Result; labels?: string[] } {
  const results = runs.map(({ result }) => result)
  for (const name of differing(results))
    note(`the case ${name} is not the same in all runs: its commands are shown as in the last`)
  const labs = results.map(({ lab }, i) => `${names[i]} by ${labText(lab)}`)
  if (new Set(results.map(({ lab }) => commitText(lab))).size > 1)
    note(`the runs were carried out by different versions of the lab, whose guests and loads may differ: ${list(labs)}`)
  const places = results.map(({ host, cells }, i) => ({ name: names[i]!, host, cells }))
  for (const { what, why, each } of unlike(places))
    note(
      `not one ${what} in all runs, and ${why}: ${each.map(({ value, places }) => `${value} in ${list(places)}`).join('; ')}`,
    )
  const [first, ...others] = runs.map((run, i) => ({ ...run, label: names[i]! })) as [Run, ...Run[]]
  return others.length ? merge('compare', argv, [first, ...others]) : { result: seenFromOutside(first) }
}

function note(line: string) {
  process.stderr.write(`note: ${line}\n`)
}

/** The results of all runs. @throws a Fault (exit 2) with what is wrong with any of them */
function readAll(folders: string[], here: Result['lab']): Result[] {
  const faults: Fault[] = []
  const results = folders.flatMap((folder) => {
    try {
      return [readResult(folder, note, here)]
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      faults.push(error)
      return []
    }
  })
  if (faults.length) throw usage(faults.map(({ message }) => message).join('\n'), faults[0]!.hint)
  return results
}

/** Cases that have one name and one proxy in several runs, but not the same commands. */
function differing(results: Result[]): string[] {
  const all = results.flatMap(casesWithProxy)
  const isOther = (one: CaseFacts, other: CaseFacts) =>
    one.name === other.name &&
    one.proxy === other.proxy &&
    JSON.stringify(one.commands) !== JSON.stringify(other.commands)
  return [...new Set(all.filter((one) => all.some((other) => isOther(one, other))).map(({ name }) => name))]
}

/** The runs are labelled by the last parts of their paths, as few as tell them apart. */
function labelsOf(folders: string[]): string[] {
  const paths = folders.map((folder) => resolve(folder).split('/'))
  const tails = (depth: number) => paths.map((path) => path.slice(-depth).join('/'))
  const deepest = Math.max(...paths.map(({ length }) => length))
  for (let depth = 1; depth <= deepest; depth++) if (new Set(tails(depth)).size === folders.length) return tails(depth)
  const twice = folders.find((_, i) => tails(deepest).indexOf(tails(deepest)[i]!) < i)
  throw usage(`${twice} is given twice`, 'npx tsx lab/compare.ts --help')
}
