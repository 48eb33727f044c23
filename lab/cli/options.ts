import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { NoCase, selectCases } from '../../cases/load.ts'
import { isPath, matchKernels } from '../../images/kernels/catalogue.ts'
import { DEFAULT_PROXY, fullSpecs, proxyMistake } from '../../images/proxies/proxies.ts'
import { Fault } from '../model/fault.ts'
import { readAs } from '../model/mistakes.ts'
import { readFlags, refuse, type Values } from './flags.ts'

const VERB = 'lab/run.ts'

const HELP = `Which connections does a proxy's reload lose on this kernel, and which
mitigation stops it?

Usage: npx tsx lab/run.ts --kernel KERNEL [options]
       npx tsx lab/run.ts --resume RUN [--jobs N] [--json]

What is measured:
  --kernel KERNEL   a series (6.1), an exact version, a path, or host: the
                    running kernel in fresh namespaces. Lists (5.10,6.1) and
                    globs ('6.*'); may be repeated. A path is a bzImage, a
                    .deb, a directory of .debs, a built kernel tree, or a
                    directory with boot and lib/modules
  --case CASE       a case, a glob, or the path of your own (./my-case.ts);
                    lists; may be repeated [all]
  --proxy PROXY     haproxy or nginx, alone or with a series (nginx:1.22) or the
                    path of a static binary (nginx:./objs/nginx); lists; may be
                    repeated [haproxy:2.6]. --haproxy X is short for
                    --proxy haproxy:X
  --maxaccept N     connections that the proxy accepts in one go, -1 to 10000;
                    -1: all; lists [the proxy's own]

Load and reloads. With neither --users nor --rate each case is measured under
two loads: saturated, the article's (a closed loop of 80 connections), and half
(an open loop at half of what this kernel and proxy carry, found out first):
  --users N         closed loop: connections at a time, 1 to 10000; lists.
                    Beside --rate one number: the most at a time [4000]
  --rate R          open loop: arrivals a second, 1 to 200000; lists
  --boots N         boots of each cell, 1 to 100; those of all cells take turns,
                    A B C, A B C [2]
  --duration S      seconds of reloads in each boot, 1 to 3600 [4]
  --interval MS     pause after each reload, 0 to 60000; reloads a second come
                    of it and of how long a reload takes [100]
  --fused-ack       the request carries the handshake's ACK (the article's -F)
  --close-with-rst  the client closes with a RST (the article's -c)
  --slow MS         a connection is slow from here, 1 to 60000 [200]

How it is run and saved:
  --accel ACCEL     auto: with KVM where a kernel boots with it, else emulated;
                    kvm; tcg [auto]
  --jobs N          boots side by side, 1 to 256, each on two CPUs of its own
                    while there are enough [1]
  --seed N          of the comparisons' permutations, 0 to 4294967295 [1]
  --out DIR         where the run is saved: a folder that is new or empty
                    [reports/<time>-<name>]
  --resume RUN      run what is missing of a broken run, as it was planned;
                    takes --jobs and --json only
  --json            print the result as JSON instead of tables and charts
  --no-install      never install missing host packages
  --help

Where kernels and packages come from; each also as an environment variable
(--archive is HITLESS_ARCHIVE):
  --mirror URI      a Debian mirror instead of the one that apt names here
  --archive URI     instead of http://archive.debian.org, for releases that are
                    no longer on mirrors
  --snapshot URI    instead of http://snapshot.debian.org
  --keyring FILE    keys to trust beside Debian's own
  --offline         never use the network: what is in the cache must do

Examples:
  npx tsx lab/run.ts --kernel 6.1
  npx tsx lab/run.ts --kernel 5.10,6.1,host --case none,fd-passing --boots 3
  npx tsx lab/run.ts --kernel 6.1 --case ./my-case.ts --rate 1000 --json
  npx tsx lab/run.ts --kernel host --case none --users 20,400 --maxaccept 4,64
  npx tsx lab/run.ts --kernel ~/linux,4.9,6.1 --jobs 4
  npx tsx lab/run.ts --resume reports/20261122T101500Z-6.1

Progress goes to stderr, results to stdout; whoever reads them may stop early,
the run goes on. Exit status: 0 all as expected, 1 something is not, 2 usage,
3 host not ready or kernel not obtainable, 4 a cell failed, 130 interrupted.
See also: npx tsx lab/list.ts, npx tsx lab/compare.ts, npx tsx lab/doctor.ts
`

/** A number written as text, between two ends; whole unless `fraction`. */
const number = (low: number, high: number, fraction = false) => {
  const wanted = `a ${fraction ? '' : 'whole '}number from ${low} to ${high}`
  return v.pipe(
    v.string(),
    v.regex(fraction ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/, wanted),
    v.transform(Number),
    v.minValue(low, wanted),
    v.maxValue(high, wanted),
  )
}
/** Several of them; the command line's commas are gone by then. */
const numbers = (low: number, high: number, fraction = false) =>
  v.optional(v.nullable(v.array(number(low, high, fraction))), null)

const several = v.pipe(
  v.array(v.pipe(v.string(), v.regex(/^[^,]*[^,\s][^,]*(,[^,]*[^,\s][^,]*)*$/, 'a name, or several between commas'))),
  v.transform((lists) => lists.flatMap((list) => list.split(',').map((name) => name.trim()))),
)
const uri = v.optional(v.pipe(v.string(), v.regex(/^(https?|file):./, 'a URI that begins with http:, https: or file:')))

const Options = v.object({
  kernel: several,
  accel: v.optional(v.picklist(['auto', 'kvm', 'tcg'], 'auto, kvm or tcg'), 'auto'),
  jobs: v.optional(number(1, 256), '1'),
  mirror: uri,
  archive: uri,
  snapshot: uri,
  keyring: v.optional(v.pipe(v.string(), v.nonEmpty('a file with public keys'))),
  offline: v.optional(v.boolean(), false),
  case: v.optional(several, ['*']),
  /** What parseProxy takes: haproxy:2.6. */
  proxy: v.optional(v.pipe(v.array(v.string()), v.transform(fullSpecs)), [DEFAULT_PROXY]),
  users: numbers(1, 10_000),
  rate: numbers(1, 200_000, true),
  boots: v.optional(number(1, 100), '2'),
  duration: v.optional(number(1, 3600, true), '4'),
  interval: v.optional(number(0, 60_000, true), '100'),
  maxaccept: numbers(-1, 10_000),
  'fused-ack': v.optional(v.boolean(), false),
  'close-with-rst': v.optional(v.boolean(), false),
  slow: v.optional(number(1, 60_000), '200'),
  seed: v.optional(number(0, 2 ** 32 - 1), '1'),
  out: v.optional(v.pipe(v.string(), v.nonEmpty('a directory'))),
  json: v.optional(v.boolean(), false),
  'no-install': v.optional(v.boolean(), false),
})

/** What `lab/run.ts` was asked to measure. */
export type Options = v.InferOutput<typeof Options>

const Resume = v.object({
  resume: v.pipe(v.string(), v.nonEmpty('the folder of a run')),
  jobs: Options.entries.jobs,
  json: Options.entries.json,
})

/** A broken run to go on with. */
export type Resume = v.InferOutput<typeof Resume>

const FLAGS = {
  resume: { type: 'string' },
  accel: { type: 'string' },
  jobs: { type: 'string' },
  mirror: { type: 'string' },
  archive: { type: 'string' },
  snapshot: { type: 'string' },
  keyring: { type: 'string' },
  offline: { type: 'boolean' },
  kernel: { type: 'string', multiple: true },
  case: { type: 'string', multiple: true },
  proxy: { type: 'string', multiple: true },
  haproxy: { type: 'string', multiple: true },
  users: { type: 'string', multiple: true },
  rate: { type: 'string', multiple: true },
  boots: { type: 'string' },
  duration: { type: 'string' },
  interval: { type: 'string' },
  maxaccept: { type: 'string', multiple: true },
  'fused-ack': { type: 'boolean' },
  'close-with-rst': { type: 'boolean' },
  slow: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
  'no-install': { type: 'boolean' },
  help: { type: 'boolean' },
} as const

/**
 * Reads the command line of `lab/run.ts`.
 *
 * @returns what to measure, which run to go on with, or the help text to print
 * @throws a Fault (exit 2) with all that is wrong: the option, the value found and what was expected
 */
export async function parseOptions(argv: string[]): Promise<Options | Resume | string> {
  const { values, words, mistakes } = readFlags(argv, FLAGS)
  if (values.help) return HELP
  for (const word of words) mistakes.push(`${word}: expected an option${await optionFor(word)}`)
  if (values.resume !== undefined) return resumed(values, mistakes)
  const missing = '--kernel is missing: which kernel shall be measured? For example --kernel 6.1'
  if (!values.kernel && !mistakes.length) mistakes.push(missing)
  const { users, rate, maxaccept, ...others } = values
  if ((users?.flatMap(listed).length ?? 0) > 1 && rate) mistakes.push(MANY_AT_MOST)
  const lists = { users, rate, maxaccept, proxy: proxiesOf(values) }
  const split = Object.entries(lists).map(([name, list]) => [name, list && [...new Set(list.flatMap(listed))]])
  const read = { ...others, ...Object.fromEntries(split), kernel: values.kernel ?? [] }
  return checked(Options, read, mistakes, await noSuch(values))
}

/** The parts of a list, as they were written. */
const listed = (list: string) => list.split(',').map((part) => part.trim())

const MANY_AT_MOST = '--users: several numbers beside --rate, where one says how many connections there are at most'

/** `--haproxy X` is short for `--proxy haproxy:X`. */
function proxiesOf({ proxy, haproxy }: Values<typeof FLAGS>): string[] | undefined {
  const short = haproxy?.flatMap(listed).map((which) => `haproxy:${which}`)
  return proxy || short ? [...(proxy ?? []), ...(short ?? [])] : undefined
}

function resumed(values: Values<typeof FLAGS>, mistakes: string[]): Resume {
  const others = Object.keys(values).filter((name) => !(name in Resume.entries))
  const saved = others.map(
    (name) => `--${name}: beside --resume only --jobs and --json; the rest is saved with the run`,
  )
  return checked(Resume, values, [...mistakes, ...saved])
}

/** Reads `--accel` of other commands. @throws a Fault (exit 2) */
export const parseAccel = (values: { accel?: string }) => checked(v.pick(Options, ['accel']), values).accel

/**
 * The values of options, checked.
 *
 * @throws a Fault (exit 2) with what is wrong with them, and with what was `before` them and is `behind` them
 */
function checked<T>(
  schema: v.GenericSchema<unknown, T>,
  values: Record<string, unknown>,
  before: string[] = [],
  behind: string[] = [],
): T {
  const read = readAs(schema, values, ([name]) => `--${name}`)
  refuse([...before, ...(read.mistakes ?? []), ...behind], VERB)
  return read.output!
}

/** Kernels, cases and proxies that there are not, whatever else is wrong. */
async function noSuch(values: Values<typeof FLAGS>): Promise<string[]> {
  const names = (lists: string[] = []) => readAs(several, lists).output ?? []
  return [
    ...names(values.kernel).flatMap(noKernel),
    ...(await noCases(names(values.case))),
    ...(values.proxy ?? []).flatMap(listed).flatMap((proxy) => noProxy(proxy, `--proxy ${proxy}`)),
    ...(values.haproxy ?? []).flatMap(listed).flatMap((which) => noProxy(`haproxy:${which}`, `--haproxy ${which}`)),
  ]
}

function noKernel(item: string): string[] {
  if (isPath(item) && !existsSync(item)) {
    const home = item.startsWith('~') ? ': a shell expands ~ at the beginning of a word only' : ''
    return [`--kernel ${item}: there is no such file or directory${home}`]
  }
  try {
    matchKernels(item)
    return []
  } catch (error) {
    if (error instanceof Fault) return [error.message]
    throw error
  }
}

async function noCases(patterns: string[]): Promise<string[]> {
  try {
    await selectCases(patterns)
    return []
  } catch (error) {
    if (error instanceof NoCase) return error.mistakes
    throw error
  }
}

function noProxy(spec: string, said: string): string[] {
  const mistake = proxyMistake(spec)
  return mistake === null ? [] : [`${said}: ${mistake}`]
}

/** The option that a word without one may belong to, as a question. */
async function optionFor(word: string): Promise<string> {
  const asked = (option: string) => `: did you mean ${option} ${word}?`
  if (existsSync(join(word, 'plan.json'))) return asked('--resume')
  if (!noKernel(word).length) return asked('--kernel')
  return (await noCases([word])).length ? ', such as --kernel 6.1' : asked('--case')
}
