import * as v from 'valibot'

const text = v.pipe(v.string(), v.nonEmpty())
const commands = v.optional(v.pipe(v.array(text), v.minLength(1)))
const version = v.pipe(v.string(), v.regex(/^\d+(\.\d+)*$/, 'a version such as 4.6'))

/** Versions from `from` (included) up to `below` (not included), compared number by number. */
export const Range = v.strictObject({ from: v.optional(version), below: v.optional(version) })

/** What theory says of the resets: never any, some, or fewer or more of them than with the case `none`. */
export const RESETS = ['none', 'some', 'fewer', 'more'] as const

/** Something a kernel can or cannot do; found out in the guest by trying it, see probes.ts. */
export const FEATURES = [
  'reuseport',
  'iptables',
  'iptables-mangle',
  'length-match',
  'u32-match',
  'plug-qdisc',
  'reuseport-bpf',
  'migration',
  'syncookies-always',
  'tracepoints',
  'kprobes',
] as const

/** What theory expects of a case in a range of kernels, and why. */
export const Expectation = v.strictObject({
  linux: v.optional(Range),
  /** Holds only where the kernel lacks all of these. */
  lacks: v.optional(v.array(v.picklist(FEATURES))),
  resets: v.picklist(RESETS),
  /** SYNs are answered with RST, too. */
  refused: v.optional(v.literal('some')),
  /** The reason, with its source: a kernel function and version, a commit, a section of the article. */
  because: text,
})

/**
 * How a case proves that it acted; what did nothing has no verdict.
 *   'reload'         the reload is all that it does: it has a new process, which listens
 *   'kept-listener'  the new process has the very socket of the old one; the cell fails at a reload where it has not
 * else commands that print a whole number, as the packets that a rule dropped. They run in `sh -e`
 *   at 'reload'      in each reload, after the reload itself and before the commands after it; what they take is part
 *                    of the reload, so they should be quick
 *   at 'end'         once, when all reloads are over
 */
export const Proof = v.union([
  v.picklist(['reload', 'kept-listener']),
  v.strictObject({
    /** What the number counts: "packets that its rule dropped". */
    shows: text,
    read: v.pipe(v.array(text), v.minLength(1)),
    at: v.picklist(['reload', 'end']),
    /** The least that proves it: of the number, or of the sum over the reloads; with `every`, in each of them. */
    least: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
    every: v.optional(v.boolean(), false),
  }),
])

const allowed = v.optional(v.literal(true))

/** What a mitigation may cost. What is not declared contradicts when it is found. */
export const Price = v.strictObject({
  /** More than a few connections are slow. */
  slow: allowed,
  /** Connections that end so: see the strict account. */
  timeouts: allowed,
  refused: allowed,
  short: allowed,
  other: allowed,
  /** The share of connections a second that it may cost against no mitigation, 0 to 1; without it, half of them. */
  throughput: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
})

/**
 * A mitigation or a control, as data. Commands are what an operator would type; they run in `sh -e` on the
 * proxy's CPU, as root of the guest, and a non-zero status fails the cell. They may use
 *   $PORT      the port on which the proxy listens
 *   $CFG       the proxy's configuration file
 *   $SOCK      the proxy's stats socket
 *   $PIDFILE   where the proxy writes its process id
 *   $OLD       (before, reload, after) process id of the proxy that is being replaced
 *   $NEW       (proof, after) process id of the proxy that replaced it
 * Beside busybox, iptables, tc, ip and haproxy there are the lab's own `closed PID PORT`, which waits until a process
 * has closed its listener, `steer SOCK PORT INDEX`, `steered PORT OLD` and `held DEVICE PARENT` (see images/guest).
 */
export const Case = v.strictObject({
  /** What `--case` takes. */
  name: v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by dashes')),
  title: text,
  /** One sentence. */
  idea: text,
  /** Where it comes from: a section of the article, a commit, a project. */
  source: text,
  /** A control shows that the lab can see resets (positive), or sees none that are not there (negative). */
  control: v.optional(v.picklist(['positive', 'negative'])),
  needs: v.optional(
    v.strictObject({
      linux: v.optional(Range),
      haproxy: v.optional(Range),
      features: v.optional(v.array(v.picklist(FEATURES))),
      /** Kernel modules to load, without their dependencies. What the kernel has built in is fine. */
      modules: v.optional(v.array(text)),
    }),
  ),
  /** The proxy's configuration: lines added to `global`, and words added to the `bind` line. */
  proxy: v.optional(v.strictObject({ global: commands, bind: v.optional(text) })),
  /**
   * Where the generator runs: on a CPU of its own, or on the proxy's, as in the article's run without errors.
   * What is pinned otherwise has no verdict.
   */
  cpus: v.optional(v.picklist(['apart', 'one']), 'apart'),
  /** Before the proxy starts. */
  setup: commands,
  /** Once the proxy listens, before the load begins. */
  ready: commands,
  /** Before each reload. */
  before: commands,
  /** The reload itself, or false for no reload at all. */
  reload: v.optional(v.union([v.literal(false), text]), 'haproxy -D -f $CFG -p $PIDFILE -sf $OLD'),
  /** After each reload. */
  after: commands,
  /** Without one the cell is inconclusive; a control needs none. */
  proof: v.optional(Proof),
  price: v.optional(Price, {}),
  /** The first entry whose range holds the kernel counts. */
  expects: v.pipe(v.array(Expectation), v.minLength(1)),
  /** What it costs, for the report. */
  drawbacks: v.array(text),
})

export type Range = v.InferOutput<typeof Range>
export type Proof = v.InferOutput<typeof Proof>
export type Price = v.InferOutput<typeof Price>
export type Expectation = v.InferOutput<typeof Expectation>
export type Feature = (typeof FEATURES)[number]
/** A case as its file writes it. */
export type CaseFile = v.InferInput<typeof Case>
export type Case = v.InferOutput<typeof Case>
