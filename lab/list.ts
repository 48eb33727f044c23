import Table from 'cli-table3'
import type { Case } from '../cases/case.ts'
import { builtinCases } from '../cases/load.ts'
import { rangeText } from '../cases/range.ts'
import { EXIT, usage } from '../images/fault.ts'
import { KERNELS } from '../images/kernels.ts'
import { main } from './main.ts'
import { parseFlags } from './plan/options.ts'

const HELP = `What can be measured: kernels and cases.

Usage: npx tsx lab/list.ts [kernels | cases] [--json]
`

await main(async (argv) => {
  const what = argv[0]?.startsWith('--') ? undefined : argv[0]
  const rest = what === undefined ? argv : argv.slice(1)
  const { json, help } = parseFlags(rest, { json: { type: 'boolean' }, help: { type: 'boolean' } } as const)
  if (help) {
    process.stdout.write(HELP)
    return EXIT.expected
  }
  const lists = { kernels: async () => KERNELS, cases: builtinCases }
  const wanted = what === undefined ? (['kernels', 'cases'] as const) : [what as keyof typeof lists]
  if (wanted.some((name) => !(name in lists))) throw usage(`${what}: no such list; choose from kernels, cases`)
  const found = Object.fromEntries(await Promise.all(wanted.map(async (name) => [name, await lists[name]()] as const)))
  if (json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
  else
    for (const name of wanted)
      process.stdout.write(`${name === 'kernels' ? kernels() : cases(found.cases as Case[])}\n`)
  return EXIT.expected
})

function table(head: string[], colWidths: number[], rows: string[][]): string {
  const made = new Table({ head, colWidths, wordWrap: true, style: { head: [], border: [] } })
  made.push(...rows)
  return made.toString()
}

function kernels(): string {
  return table(
    ['kernel', 'also', 'from', 'what changed for this lab'],
    [11, 18, 12, 76],
    [
      ...KERNELS.map(({ series, aliases, origin, changed }) => [series, aliases.join(', '), origin, changed]),
      ['host', '', 'here', 'the running kernel, in fresh namespaces: native speed'],
      ['PATH', '', 'you', 'a bzImage'],
    ],
  )
}

function cases(all: Case[]): string {
  return table(
    ['case', 'idea', 'theory expects', 'needs'],
    [13, 52, 16, 36],
    all.map((found) => [found.name, found.idea, found.expects.map(expects).join('\n'), needs(found).join('\n')]),
  )
}

function expects({ linux, resets }: Case['expects'][number]): string {
  return `${linux ? `${rangeText('Linux', linux)}: ` : ''}${resets === 'none' ? 'no' : resets} resets`
}

function needs({ needs = {} }: Case): string[] {
  const { linux, haproxy, features = [], modules = [] } = needs
  return [
    linux ? rangeText('Linux', linux) : '',
    haproxy ? rangeText('HAProxy', haproxy) : '',
    features.join(', '),
    modules.length ? `modules ${modules.join(', ')}` : '',
  ].filter(Boolean)
}
