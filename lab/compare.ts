import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { EXIT, usage } from '../images/fault.ts'
import { HOME } from './engine/surroundings.ts'
import { main } from './main.ts'
import { Result } from './measure/result.ts'
import { publish } from './publish.ts'
import { merge, type Run } from './render/merge.ts'

const HELP = `One comparison out of saved runs: two kernels side by side, or the same cells twice.

Usage: npx tsx lab/compare.ts RUN… [--out DIR] [--json]

  RUN         the folder of a saved run, or its result.json; of a single one the reports are made again
  --out DIR   where the comparison is saved   [reports/<time>-compare]
  --json      print the merged result as JSON

Example:
  npx tsx lab/compare.ts reports/reference/5.10 reports/reference/6.12
`

await main(async (argv) => {
  const { values, positionals } = read(argv)
  if (values.help) {
    process.stdout.write(HELP)
    return EXIT.expected
  }
  const folders = positionals.map((path) => (basename(path) === 'result.json' ? dirname(path) : path))
  if (!folders.length) throw usage('no run given to compare', 'npx tsx lab/compare.ts --help')
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const out = values.out ?? join(HOME, 'reports', `${time}-compare`)
  const names = labelsOf(folders)
  const [first, ...others] = folders.map((folder, i) => load(folder, names[i]!, out))
  const json = values.json ?? false
  if (others.length) {
    const { result, labels } = merge('compare', ['lab/compare.ts', ...argv], [first!, ...others])
    await publish(result, out, json, labels)
  } else await publish(first!.result, out, json)
  return EXIT.expected
})

function read(argv: string[]) {
  const options = { out: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } } as const
  try {
    return parseArgs({ args: argv, options, allowPositionals: true })
  } catch (error) {
    throw usage((error as Error).message.split('. ')[0]!, 'npx tsx lab/compare.ts --help')
  }
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

/** A saved run, checked. */
function load(folder: string, label: string, out: string): Run {
  const path = join(folder, 'result.json')
  if (!existsSync(path)) throw usage(`${folder}: no saved run: there is no result.json`, 'ls reports')
  const text = readFileSync(path, 'utf8')
  const found = v.safeParse(v.pipe(v.string(), v.parseJson(), Result), text)
  if (!found.success) {
    const [issue] = found.issues
    throw usage(`${path} is no result: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`)
  }
  return { label, root: relative(out, folder), result: found.output }
}
