import Table from 'cli-table3'
import type { Case } from '../cases/case.ts'
import { builtinCases } from '../cases/load.ts'
import { rangeText } from '../cases/range.ts'
import { configFragment } from '../images/config.ts'
import { EXIT, usage } from '../images/fault.ts'
import { KERNELS, rangeVersion } from '../images/kernels.ts'
import { type Stock, stockOf } from '../images/stock.ts'
import { main } from './main.ts'
import { parseFlags } from './plan/options.ts'
import { obstacle } from './plan/plan.ts'

const HELP = `What can be measured: kernels and cases; and the kernel configuration that the lab needs.

Usage: npx tsx lab/list.ts [kernels | cases | config] [options]

  --json       print what is listed as JSON
  --offline    do not ask whether the places that kernels come from answer (or HITLESS_OFFLINE=1)
  --help

Examples:
  npx tsx lab/list.ts kernels
  npx tsx lab/list.ts config > lab.config
`

const LISTS = ['kernels', 'cases', 'config'] as const
type List = (typeof LISTS)[number]

/** A series with the cases that can run on it, as far as is known without a guest. */
type Listed = Stock & { runs: string[]; not: { case: string; reason: string }[] }

await main(async (argv) => {
  const what = argv[0]?.startsWith('--') ? undefined : argv[0]
  const rest = what === undefined ? argv : argv.slice(1)
  const boolean = { type: 'boolean' } as const
  const { json, help, offline } = parseFlags(rest, { json: boolean, offline: boolean, help: boolean })
  if (help) {
    process.stdout.write(HELP)
    return EXIT.expected
  }
  if (offline) process.env.HITLESS_OFFLINE = '1'
  const wanted: readonly List[] = what === undefined ? ['kernels', 'cases'] : LISTS.filter((list) => list === what)
  if (!wanted.length) throw usage(`${what}: no such list; choose from ${LISTS.join(', ')}`)
  const all = await builtinCases()
  const found = {
    ...(wanted.includes('kernels') && { kernels: await listKernels(all) }),
    ...(wanted.includes('cases') && { cases: all }),
    ...(wanted.includes('config') && { config: configFragment() }),
  }
  const shown = [
    ...(found.kernels ? [kernels(found.kernels, all.length)] : []),
    ...(found.cases ? [cases(found.cases)] : []),
    ...(found.config ? [found.config.trimEnd()] : []),
  ]
  process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : `${shown.join('\n')}\n`)
  return EXIT.expected
})

/** What each series is and has, and what can run on it with the default proxy. */
async function listKernels(all: Case[]): Promise<Listed[]> {
  const stock = await stockOf(KERNELS)
  return stock.map((of, i) => {
    const series = rangeVersion(KERNELS[i]!, of.cached?.name)
    const found = all.map(({ name, ...rest }) => ({
      case: name,
      reason: obstacle({ name, ...rest }, { series, features: null }, '2.6')?.reason,
    }))
    return {
      ...of,
      runs: found.filter(({ reason }) => !reason).map((one) => one.case),
      not: found.flatMap((one) => (one.reason ? [{ case: one.case, reason: one.reason }] : [])),
    }
  })
}

function table(head: string[], colWidths: number[], rows: string[][]): string {
  const made = new Table({ head, colWidths, wordWrap: true, style: { head: [], border: [] } })
  made.push(...rows)
  return made.toString()
}

function kernels(all: Listed[], cases: number): string {
  return table(
    ['kernel', 'from', 'package', 'in the cache', 'cases its version allows', 'what changed for this lab'],
    [18, 14, 24, 15, 20, 46],
    [
      ...all.map((of) => [
        [of.series, ...of.aliases].join('\n'),
        `${of.origin}${of.reachable === null ? '' : `\n${of.reachable ? 'reachable' : 'out of reach'}`}`,
        broken(of.package),
        of.cached ? broken(of.cached.version ?? of.cached.name) : of.locked ? `no; locked: ${broken(of.locked)}` : 'no',
        runnable(of, cases),
        of.changed,
      ]),
      ['host', 'here', '', '', '', 'the running kernel, in fresh namespaces: native speed'],
      ['PATH', 'you', '', '', '', 'a bzImage, .deb, directory of .debs, built kernel tree, or /boot with /lib/modules'],
    ],
  )
}

/** Long names wrap where a space is: after a dash, if it fits. */
function broken(name: string): string {
  return name.length > 22 ? name.replace(/^(.{8,21}?[-~])(?=.{0,22}$)/, '$1\n') : name
}

function runnable({ runs, not }: Listed, cases: number): string {
  if (!not.length) return `all ${cases}`
  return not.length < runs.length
    ? `all but ${not.map((one) => `${one.case} (${one.reason})`).join(', ')}`
    : runs.join(', ')
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
