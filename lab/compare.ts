import { basename, dirname, join, relative, resolve } from 'node:path'
import { readFlags, refuse } from './cli/flags.ts'
import { main } from './cli/main.ts'
import { publish } from './cli/publish.ts'
import { exitStatus } from './measure/verdict/status.ts'
import { EXIT, Fault, usage } from './model/fault.ts'
import type { CaseFacts, Result } from './model/result.ts'
import { casesWithProxy } from './render/facts/cases.ts'
import { merge, type Run, seenFromOutside } from './render/facts/merge.ts'
import { makeFolder, requireEmpty } from './saved/files.ts'
import { HOME } from './saved/provenance.ts'
import { readResult } from './saved/reread.ts'

const HELP = `One comparison out of saved runs: two kernels side by side, or the same cells
twice. What is read back is checked as strictly as what is measured: its sums,
its verdicts, and the counts against the events that the run kept.

Usage: npx tsx lab/compare.ts RUN… [--out DIR] [--json]

  RUN         the folder of a saved run, or its result.json; of a single one
              the reports are made again
  --out DIR   where the comparison is saved: a folder that is new or empty
              [reports/<time>-compare]
  --json      print the merged result as JSON instead of tables and charts
  --help

Examples:
  npx tsx lab/compare.ts reports/reference/5.10 reports/reference/6.12
  npx tsx lab/compare.ts reports/before reports/after --out /tmp/patched

Exit status: that of the cells, as lab/run.ts has it: 0 all as expected,
1 something is not, 4 a cell failed, 130 a run was interrupted; 2 usage, or a
run that cannot be believed.
`
const FLAGS = { out: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } } as const
const VERB = 'lab/compare.ts'

await main(async (argv) => {
  const { values, words, mistakes } = readFlags(argv, FLAGS)
  if (values.help) {
    process.stdout.write(HELP)
    return EXIT.expected
  }
  if (values.out === '') mistakes.push('--out "": expected a directory')
  if (!words.length) mistakes.push('no run given to compare: expected the folders of saved runs')
  refuse(mistakes, VERB)
  const folders = words.map((path) => (basename(path) === 'result.json' ? dirname(path) : path))
  const names = labelsOf(folders)
  const results = readAll(folders)
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const out = values.out ?? join(HOME, 'reports', `${time}-compare`)
  makeFolder(out)
  requireEmpty(out)
  const [first, ...others] = results.map((result, i) => ({
    label: names[i]!,
    root: relative(out, folders[i]!),
    result,
  })) as [Run, ...Run[]]
  for (const name of differing(results))
    note(`the case ${name} is not the same in all runs: its commands are shown as in the last`)
  const { result, labels } = others.length
    ? merge('compare', [VERB, ...argv], [first, ...others])
    : { result: seenFromOutside(first), labels: undefined }
  await publish(result, out, values.json ?? false, labels)
  return exitStatus(result)
})

function note(line: string) {
  process.stderr.write(`note: ${line}\n`)
}

/** The results of all runs. @throws a Fault (exit 2) with what is wrong with any of them */
function readAll(folders: string[]): Result[] {
  const faults: Fault[] = []
  const results = folders.flatMap((folder) => {
    try {
      return [readResult(folder, note)]
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      faults.push(error)
      return []
    }
  })
  if (faults.length) throw usage(faults.map(({ message }) => message).join('\n'), faults[0]!.hint)
  return results
}

/** Cases that runs have by one name and with one proxy, but not by the same commands. */
function differing(results: Result[]): string[] {
  const all = results.flatMap(casesWithProxy)
  const isOther = (one: CaseFacts, other: CaseFacts) =>
    one.name === other.name &&
    one.proxy === other.proxy &&
    JSON.stringify(one.commands) !== JSON.stringify(other.commands)
  return [...new Set(all.filter((one) => all.some((other) => isOther(one, other))).map(({ name }) => name))]
}

/** Names of the runs: the last parts of their paths, as few as tell them apart. */
function labelsOf(folders: string[]): string[] {
  const paths = folders.map((folder) => resolve(folder).split('/'))
  const tails = (depth: number) => paths.map((path) => path.slice(-depth).join('/'))
  const deepest = Math.max(...paths.map(({ length }) => length))
  for (let depth = 1; depth <= deepest; depth++) if (new Set(tails(depth)).size === folders.length) return tails(depth)
  const twice = folders.find((_, i) => tails(deepest).indexOf(tails(deepest)[i]!) < i)
  throw usage(`${twice} is given twice`, 'npx tsx lab/compare.ts --help')
}
