import Table from 'cli-table3'
import { type Case, FEATURES } from '../cases/case.ts'
import { builtinCases } from '../cases/load.ts'
import { PROBES } from '../cases/probes.ts'
import { inRange, rangeText } from '../cases/range.ts'
import { configFragment } from '../images/config.ts'
import { EXIT, usage } from '../images/fault.ts'
import { KERNELS, rangeVersion } from '../images/kernels.ts'
import { type Stock, stockOf } from '../images/stock.ts'
import { knownFeatures } from './guest/probe.ts'
import { main } from './main.ts'
import type { Features } from './plan/cell.ts'
import { parseFlags } from './plan/flags.ts'
import { DEFAULT_PROXY } from './plan/options.ts'
import { type Obstacle, obstacle } from './plan/plan.ts'

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

/** A series with the cases that can run on it: by what its guest said, if it ever was probed, else by its version. */
type Listed = Stock & { probed: boolean; runs: string[]; not: ({ case: string } & Obstacle)[] }

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
  const listed = stock.map(async (of, i) => {
    const series = rangeVersion(KERNELS[i]!, of.cached?.name)
    const probed = of.cached && (await knownFeatures(of.cached.sha256))
    const features = probed ?? featuresSince(series)
    const found = all.map(({ name, ...rest }) => ({
      name,
      obstacle: obstacle({ name, ...rest }, { series, features }, DEFAULT_PROXY),
    }))
    return {
      ...of,
      probed: probed !== null,
      runs: found.filter((one) => !one.obstacle).map((one) => one.name),
      not: found.flatMap((one) => (one.obstacle ? [{ case: one.name, ...one.obstacle }] : [])),
    }
  })
  return Promise.all(listed)
}

/** What mainline had by a version: a guess, which the guest corrects. */
function featuresSince(series: string): Features {
  const guess = FEATURES.map((feature) => {
    const { since } = PROBES[feature]
    return [feature, { has: inRange(series, { from: since }), said: `it came with Linux ${since}` }]
  })
  return Object.fromEntries(guess)
}

function table(head: string[], colWidths: number[], rows: string[][]): string {
  const made = new Table({ head, colWidths, wordWrap: true, style: { head: [], border: [] } })
  made.push(...rows)
  return made.toString()
}

function kernels(all: Listed[], cases: number): string {
  return table(
    ['kernel', 'from', 'package', 'in the cache', 'cases that run', 'what changed for this lab'],
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

function runnable({ probed, runs, not }: Listed, cases: number): string {
  const known = probed ? '' : 'by its version: '
  if (!not.length) return `${known}all ${cases}`
  const without = not.map((one) => `${one.case} (${one.feature ? `no ${one.feature}` : one.reason})`)
  return known + (not.length < runs.length ? `all but ${without.join(', ')}` : runs.join(', '))
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
