import { builtinCases } from '../cases/load.ts'
import { PROBES } from '../cases/probes.ts'
import { type Availability, availabilities } from '../images/kernels/availability.ts'
import { KERNELS, rangeVersion } from '../images/kernels/catalogue.ts'
import { configFragment } from '../images/kernels/config.ts'
import { readFlags, refuse } from './cli/flags.ts'
import { main } from './cli/main.ts'
import { DEFAULT_PROXY } from './cli/options.ts'
import { supplyFrom } from './cli/supply.ts'
import { type Case, FEATURES } from './model/case.ts'
import type { Features } from './model/cell.ts'
import { EXIT } from './model/fault.ts'
import { inRange, rangeText } from './model/range.ts'
import { Result } from './model/result.ts'
import type { Supply } from './model/supply.ts'
import { meant } from './model/words.ts'
import { type Obstacle, obstacle } from './plan/plan.ts'
import { knownFeatures } from './prepare/features.ts'
import { columnsOf } from './render/terminal/fit.ts'
import { ruled } from './render/terminal/ruled.ts'

const HELP = `What can be measured: kernels and cases; the kernel configuration that the lab
needs; and the JSON Schema of its results.

Usage: npx tsx lab/list.ts [kernels | cases | config | schema] [options]

  --json       print what is listed as JSON
  --offline    do not ask whether the places that kernels come from answer
               (or HITLESS_OFFLINE=1)
  --help

Tables are as wide as the terminal, or as COLUMNS says.

Examples:
  npx tsx lab/list.ts
  npx tsx lab/list.ts kernels --offline
  npx tsx lab/list.ts cases
  npx tsx lab/list.ts config > lab.config
  npx tsx lab/list.ts schema > reports/result.schema.json

Exit status: 0, or 2 usage.
`
const FLAGS = { json: { type: 'boolean' }, offline: { type: 'boolean' }, help: { type: 'boolean' } } as const

const LISTS = ['kernels', 'cases', 'config', 'schema'] as const
type List = (typeof LISTS)[number]

/** A series with the cases that can run on it: by what its guest said, if it ever was probed, else by its version. */
type Listed = Availability & { probed: boolean; runs: string[]; not: ({ case: string } & Obstacle)[] }

await main(async (argv, signal) => {
  const { values, words, mistakes } = readFlags(argv, FLAGS)
  const { json, help, offline } = values
  if (help) {
    process.stdout.write(HELP)
    return EXIT.expected
  }
  const unknown = words.filter((word) => !LISTS.some((list) => list === word))
  mistakes.push(...unknown.map((word) => `${word}: no such list${meant(word, LISTS)}; choose from ${LISTS.join(', ')}`))
  refuse(mistakes, 'lab/list.ts')
  const wanted: readonly List[] = words.length ? LISTS.filter((list) => words.includes(list)) : ['kernels', 'cases']
  const all = await builtinCases()
  const found = {
    ...(wanted.includes('kernels') && {
      kernels: await listKernels(
        all,
        supplyFrom({ offline }, () => {}, signal),
      ),
    }),
    ...(wanted.includes('cases') && { cases: all }),
    ...(wanted.includes('config') && { config: configFragment() }),
    ...(wanted.includes('schema') && { schema: await resultSchema() }),
  }
  const width = columnsOf(process.stdout)
  const shown = [
    ...(found.kernels ? [kernels(found.kernels, all.length, width)] : []),
    ...(found.cases ? [cases(found.cases, width)] : []),
    ...(found.config ? [found.config.trimEnd()] : []),
    ...(found.schema ? [JSON.stringify(found.schema, null, 2)] : []),
  ]
  process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : `${shown.join('\n')}\n`)
  return EXIT.expected
})

/** The JSON Schema of result.json, for those who read it with other tools: reports/result.schema.json. */
async function resultSchema() {
  const { toJsonSchema } = await import('@valibot/to-json-schema')
  // That a number is finite needs no word in JSON, which has no other.
  return toJsonSchema(Result, { ignoreActions: ['finite'] })
}

/** What each series is and has, and what can run on it with the default proxy. */
async function listKernels(all: Case[], supply: Supply): Promise<Listed[]> {
  const listed = (await availabilities(KERNELS, supply)).map(async (available, i) => {
    const series = rangeVersion(KERNELS[i]!, available.cached?.name)
    const probed = available.cached && (await knownFeatures(available.cached.sha256))
    const features = probed ?? featuresSince(series)
    const found = all.map(({ name, ...rest }) => ({
      name,
      obstacle: obstacle({ name, ...rest }, { series, features }, DEFAULT_PROXY),
    }))
    return {
      ...available,
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

function kernels(all: Listed[], cases: number, width: number): string {
  const own: [string, string, string][] = [
    ['host', 'here', 'the running kernel, in fresh namespaces: native speed'],
    ['PATH', 'you', 'a bzImage, .deb, directory of .debs, built kernel tree, or /boot with /lib/modules'],
  ]
  return ruled(
    ['kernel', 'from', 'package', 'in the cache', 'cases that run', 'what changed for this lab'],
    [
      ...all.map((of) => [
        [of.series, ...of.aliases].join('\n'),
        `${of.origin}${of.reachable === null ? '' : `\n${of.reachable ? 'reachable' : 'out of reach'}`}`,
        of.package,
        of.cached ? (of.cached.version ?? of.cached.name) : of.locked ? `no; locked: ${of.locked}` : 'no',
        runnable(of, cases),
        of.changed,
      ]),
      ...own.map(([kernel, from, what]) => [kernel, from, '', '', '', what]),
    ],
    width,
  )
}

function runnable({ probed, runs, not }: Listed, cases: number): string {
  const known = probed ? '' : 'by its version: '
  if (!not.length) return `${known}all ${cases}`
  const without = not.map((one) => `${one.case} (${one.feature ? `no ${one.feature}` : one.reason})`)
  return known + (not.length < runs.length ? `all but ${without.join(', ')}` : runs.join(', '))
}

function cases(all: Case[], width: number): string {
  return ruled(
    ['case', 'idea', 'theory expects', 'needs'],
    all.map((found) => [found.name, found.idea, expectations(found).join('\n'), needs(found).join('\n')]),
    width,
  )
}

/** What theory expects, a line for each condition; the first that holds for a kernel counts. */
function expectations({ expects }: Case): string[] {
  return expects.map(({ linux, lacks = [], resets, refused }, i) => {
    const where = [linux && rangeText('Linux', linux), lacks.length && `without ${lacks.join(', ')}`].filter(Boolean)
    const what = [`${resets === 'none' ? 'no' : resets} resets`, refused && `${refused} refused`].filter(Boolean)
    const condition = where.length ? `${where.join(', ')}: ` : i > 0 ? 'else: ' : ''
    return condition + what.join(', ')
  })
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
