import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { EXIT, usage } from '../images/fault.ts'
import { makeFolder, saveFiles } from './engine/save.ts'
import { main } from './main.ts'
import { Result } from './measure/result.ts'
import { merge, type Run } from './render/merge.ts'

const HELP = `One comparison out of saved runs: two kernels side by side, or the same cells twice.

Usage: npx tsx lab/compare.ts RUN RUN… [--out DIR] [--json]

  RUN         the folder of a saved run, or its result.json
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
  if (folders.length < 2)
    throw usage(`${folders.length} runs given, at least 2 are compared`, HELP.split('\n')[2]!.slice(7))
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const out = values.out ?? join(new URL('..', import.meta.url).pathname, 'reports', `${time}-compare`)
  const [first, ...others] = folders.map((folder) => load(folder, out))
  const { result, labels } = merge('compare', ['lab/compare.ts', ...argv], [first!, ...others])

  const [{ summaryTable }, { resetsChart }, { renderMarkdown }, { renderHtml }] = await Promise.all([
    import('./render/table.ts'),
    import('./render/chart.ts'),
    import('./render/markdown.ts'),
    import('./render/html.ts'),
  ])
  const colour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR
  if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  else process.stdout.write(`${summaryTable(result, colour, labels)}\n${resetsChart(result, colour, labels)}\n`)
  makeFolder(out)
  saveFiles(out, {
    'result.json': `${JSON.stringify(result, null, 2)}\n`,
    'report.md': renderMarkdown(result, labels),
    'report.html': await renderHtml(result, labels),
  })
  process.stderr.write(`saved: ${relative(process.cwd(), out) || '.'}/report.html\n`)
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

/** A saved run, checked; its label is its folder's name. */
function load(folder: string, out: string): Run {
  const path = join(folder, 'result.json')
  if (!existsSync(path)) throw usage(`${folder}: no saved run: there is no result.json`, 'ls reports')
  const text = readFileSync(path, 'utf8')
  const found = v.safeParse(v.pipe(v.string(), v.parseJson(), Result), text)
  if (!found.success) {
    const [issue] = found.issues
    throw usage(`${path} is no result: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`)
  }
  return { label: basename(resolve(folder)), root: relative(out, folder), result: found.output }
}
