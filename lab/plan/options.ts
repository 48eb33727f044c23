import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { usage } from '../../images/fault.ts'

const HELP = `Which connections does a proxy's reload lose on this kernel, and which mitigation stops it?

Usage: npx tsx lab/run.ts --kernel KERNEL [options]

  --kernel KERNEL     a series (6.1), an exact version, a path, or host: the running kernel in fresh namespaces;
                      lists (5.10,6.1), globs ('6.*'); may be repeated. A path is a bzImage, a .deb, a directory of
                      .debs, a built kernel tree, or a directory with boot and lib/modules
  --case CASE         a case, a glob, or the path of your own (./my-case.ts); may be repeated   [all]
  --haproxy PROXY     a series (2.6, 3.0) or the path of a static binary                        [2.6]
  --users N           connections at a time, 1 to 10000                                         [20]
  --rate N            arrivals a second, 1 to 200000: open loop                                 [closed loop]
  --duration S        seconds of reloads in each cell, 1 to 3600                                [15]
  --interval MS       pause between reloads, 0 to 60000                                         [100]
  --maxaccept N       tune.maxaccept of the proxy, -1 to 10000                                  [the proxy's own]
  --fused-ack         the request carries the handshake's ACK (the article's -F)
  --close-with-rst    the client closes with a RST (the article's -c)
  --slow MS           a connection is slow from here, 1 to 60000                                [200]
  --seed N            seed of the intervals' bootstrap, 0 to 4294967295                         [1]
  --accel ACCEL       auto: with KVM where a kernel boots with it, else emulated; kvm; tcg      [auto]
  --jobs N            cells side by side, 1 to 256, each on two CPUs of its own while there are enough  [1]
  --out DIR           where the run is saved                                                    [reports/<time>-<name>]
  --json              print the result as JSON instead of the table and the chart
  --no-install        never install missing host packages
  --resume RUN        run what is missing of a broken run; takes --jobs and --json only
  --help

  Where kernels and packages come from; each also as environment variable (--archive is HITLESS_ARCHIVE):
  --mirror URI        a Debian mirror instead of the one that this host's apt names
  --archive URI       instead of http://archive.debian.org, for releases that are no longer on mirrors
  --snapshot URI      instead of http://snapshot.debian.org
  --keyring FILE      keys to trust beside Debian's own
  --offline           never use the network: what is in the cache must do

Examples:
  npx tsx lab/run.ts --kernel 6.1
  npx tsx lab/run.ts --kernel 5.10,6.1,host --case none,fd-passing --duration 5
  npx tsx lab/run.ts --kernel 6.1 --case ./my-case.ts --rate 1000 --json
  npx tsx lab/run.ts --kernel 4.9,6.1,~/linux --jobs 4
  npx tsx lab/run.ts --resume reports/20261122T101500Z-6.1

Progress goes to stderr, results to stdout. Exit status: 0 all as expected, 1 something is not, 2 usage,
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
/** The series of HAProxy that is measured when nothing else is said. */
export const DEFAULT_PROXY = '2.6'

const several = v.pipe(
  v.array(v.pipe(v.string(), v.nonEmpty('a name'))),
  v.transform((lists) => lists.flatMap((list) => list.split(','))),
)

const Options = v.object({
  kernel: several,
  accel: v.optional(v.picklist(['auto', 'kvm', 'tcg'], 'auto, kvm or tcg'), 'auto'),
  jobs: v.optional(number(1, 256), '1'),
  mirror: v.optional(v.string()),
  archive: v.optional(v.string()),
  snapshot: v.optional(v.string()),
  keyring: v.optional(v.string()),
  offline: v.optional(v.boolean(), false),
  case: v.optional(several, ['*']),
  haproxy: v.optional(v.pipe(v.string(), v.nonEmpty('a series or a path')), DEFAULT_PROXY),
  users: v.optional(number(1, 10_000), '20'),
  rate: v.optional(v.nullable(number(1, 200_000, true)), null),
  duration: v.optional(number(1, 3600, true), '15'),
  interval: v.optional(number(0, 60_000, true), '100'),
  maxaccept: v.optional(v.nullable(number(-1, 10_000)), null),
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

const Resume = v.strictObject(
  {
    resume: v.pipe(v.string(), v.nonEmpty('the folder of a run')),
    jobs: Options.entries.jobs,
    json: Options.entries.json,
  },
  'no option beside --resume but --jobs and --json: the others are saved with the run',
)

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
  haproxy: { type: 'string' },
  users: { type: 'string' },
  rate: { type: 'string' },
  duration: { type: 'string' },
  interval: { type: 'string' },
  maxaccept: { type: 'string' },
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
 * @throws a Fault (exit 2) that names the option, the value found and what was expected
 */
export function parseOptions(argv: string[]): Options | Resume | string {
  const values = parseFlags(argv, FLAGS)
  if (values.help) return HELP
  if (values.resume !== undefined) return checked(Resume, values)
  if (!values.kernel)
    throw usage('--kernel is missing: which kernel shall be measured?', 'npx tsx lab/run.ts --kernel 6.1, or --help')
  return checked(Options, values)
}

/** Reads `--accel` of other commands. @throws a Fault (exit 2) */
export const parseAccel = (values: { accel?: string }) => checked(v.pick(Options, ['accel']), values).accel

function checked<T>(schema: v.GenericSchema<unknown, T>, values: Record<string, unknown>): T {
  const read = v.safeParse(schema, values)
  if (read.success) return read.output
  const [issue] = read.issues
  const option = String(issue.path?.[0]?.key)
  throw usage(`--${option} ${JSON.stringify(values[option])}: expected ${issue.message}`, 'npx tsx lab/run.ts --help')
}

/** node's parseArgs, with errors that list the options there are. */
export function parseFlags<T extends NonNullable<Parameters<typeof parseArgs>[0]>['options'] & object>(
  argv: string[],
  options: T,
) {
  try {
    return parseArgs({ args: normalise(argv, options), options, allowPositionals: false }).values
  } catch (error) {
    const [reason] = (error as Error).message.split('. ')
    throw usage(
      `${reason}. Options: ${Object.keys(options)
        .map((name) => `--${name}`)
        .join(', ')}`,
      '--help shows examples',
    )
  }
}

/** `--maxaccept -1`: parseArgs would take the -1 for an option. */
const normalise = (argv: string[], options: object) =>
  argv.flatMap((arg, i) => {
    const takes = (name = '') => name.startsWith('--') && name.slice(2) in options
    if (/^-\d/.test(arg) && takes(argv[i - 1])) return []
    return /^-\d/.test(argv[i + 1] ?? '') && takes(arg) ? [`${arg}=${argv[i + 1]}`] : [arg]
  })
