import * as v from 'valibot'
import { EXCHANGES } from './load.ts'
import { NETWORKS } from './network.ts'

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
  'nftables',
  'plug-qdisc',
  'veth',
  'ifb',
  'rps',
  'reuseport-bpf',
  'reuseport-sockarray',
  'migration',
  'bpf-migration',
  'syncookies-always',
  'tracepoints',
  'kprobes',
] as const

/**
 * How a case proves that it acted; what did nothing has no verdict.
 *   'reload'         the reload is all that it does: it has new processes, which listen; see also `listeners`
 * else commands that print a whole number, as the packets that a rule dropped. They run in `sh -e`
 *   at 'reload'      in each reload, after the reload itself and before the commands after it; what they take is part
 *                    of the reload, so they should be quick
 *   at 'end'         once, when all reloads are over
 */
export const Proof = v.union([
  v.literal('reload'),
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

/**
 * What holds of the listening sockets at each reload; the cell fails at one where it does not.
 *   'kept'   the new processes have the very sockets of the old ones, all of them and no others
 *   'fewer'  they have some of them and no others: the reload closes the rest
 *   'anew'   they have none of them
 */
const listeners = v.optional(v.picklist(['kept', 'fewer', 'anew']))

/** What an operator writes down to have it: lines to copy, and where they go. */
export const Adoption = v.strictObject({ where: text, lines: v.pipe(v.array(text), v.minLength(1)) })
const adopt = v.optional(v.pipe(v.array(Adoption), v.minLength(1)))

/**
 * How clients differ: they fuse the handshake's ACK and their request, they close with a RST what was answered; or ab(1) is
 * the client, over HTTPS, as many users at a time as the load says. That takes a closed loop, and a proxy with TLS.
 */
export const Client = v.strictObject({ fusedAck: allowed, closeWithRst: allowed, ab: allowed })

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

/** What theory expects of a case in a range of kernels, and why. */
export const Expectation = v.strictObject({
  linux: v.optional(Range),
  /** Holds only with these versions of the proxy. */
  proxy: v.optional(Range),
  /** Holds only under loads of such connections (lab/model/case/load.ts); without it, under all. */
  exchange: v.optional(v.picklist(EXCHANGES)),
  /** Holds only where the kernel lacks all of these. */
  lacks: v.optional(v.array(v.picklist(FEATURES))),
  resets: v.picklist(RESETS),
  /** SYNs are answered with RST, too. */
  refused: v.optional(v.literal('some')),
  /** The price that it may have then, beside that of the case. */
  price: v.optional(Price),
  /** The reason, with its source: a kernel function and version, a commit, a section of the article. */
  because: text,
})

/**
 * What a case does, by moment. Commands are what an operator would type; they run in `sh -e` on the proxy's CPU, as root
 * of the guest, and a non-zero status fails the cell. They may use
 *   $PORT      the port on which the proxy listens
 *   $CFG       the proxy's configuration file
 *   $SOCK      the proxy's stats socket, if it has one
 *   $PIDFILE   where the proxy writes its process id; nginx that of its master
 *   $PROXY_CPU, $LOAD_CPU   the numbers of the CPUs that proxy and generator run on
 *   $OLD       (prepare, before, reload, after) ids of the processes that accept connections before the reload, with blanks between
 *   $NEW       (proof, after) ids of those that accept them after it
 * Beside busybox, iptables, nft, tc, ip and the proxy there are the lab's own `closed PID... PORT`, which waits until processes
 * have closed their listeners, `drained [PID...] PORT`, which waits until the accept queues are empty, `counter NAME`, which
 * prints a TCP counter of the kernel, `listening PID... PORT`, `alone PORT`, and `binder`, `steer`, `route`, `tamper`,
 * `steered` and `held` (see images/guest/commands).
 */
const deeds = {
  /** Before the proxy starts. */
  setup: commands,
  /** Once the proxy listens, before the load begins. */
  ready: commands,
  /**
   * Ahead of each reload, and no part of it: a reload of another kind, say, which takes back what the last one changed.
   * It may replace the processes that serve.
   */
  prepare: commands,
  /** Before each reload. */
  before: commands,
  /** After each reload. */
  after: commands,
  /** False: the reload leaves the processes that serve as they are; then the same ones must serve after it. */
  replaces: v.optional(v.boolean()),
  listeners,
  adopt,
  /** Whose everyday reload it is, where operators have it without asking for it: "systemctl reload haproxy, with …". */
  everyday: v.optional(text),
  /** Without one the cell is inconclusive; a control needs none. */
  proof: v.optional(Proof),
}

/** Lines added to the proxy's configuration, or words added to one of its lines, by section (see images/proxies). */
const config = v.optional(v.record(v.string(), v.pipe(v.array(text), v.minLength(1))))

/** The first entry whose range holds the kernel counts. */
const expects = v.pipe(v.array(Expectation), v.minLength(1))

/** What it costs, for the report. */
const drawbacks = v.array(text)

const facts = {
  /** What `--case` takes. */
  name: v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by dashes')),
  title: text,
  /** One sentence. */
  idea: text,
  /** Where it comes from: a section of the article, a commit, a project. */
  source: text,
  /** A control shows that the lab can see resets (positive), or sees none that are not there (negative). */
  control: v.optional(v.picklist(['positive', 'negative'])),
  /**
   * Where the generator runs: on a CPU of its own, or on the proxy's, as in the article's run without errors.
   * What is pinned otherwise has no verdict.
   */
  cpus: v.optional(v.picklist(['apart', 'one']), 'apart'),
  /**
   * What is between clients and proxy: the loopback, or a pair of veth devices. Then the clients are in a network namespace
   * of their own, and the proxy's end is veth0. A case on veth is compared with one on veth: see `against`.
   */
  network: v.optional(v.picklist(NETWORKS), 'loopback'),
  /** How its clients differ from those of the load: see `--fused-ack` and `--close-with-rst`. */
  client: v.optional(Client),
  /**
   * The case that it is compared with, by name, where that is not the positive control: the same reload without what is
   * tried here. It is run, too.
   */
  against: v.optional(text),
  price: v.optional(Price, {}),
  expects,
  drawbacks,
}

const needs = {
  linux: v.optional(Range),
  /** What the connections of the load must carry: a case that is about them alone runs under no other. */
  exchange: v.optional(v.picklist(EXCHANGES)),
  features: v.optional(v.array(v.picklist(FEATURES))),
  /** Kernel modules to load, without their dependencies. What the kernel has built in is fine. */
  modules: v.optional(v.array(text)),
}

/** What a case is with one proxy: what stands here takes the place of what the case says for all. */
const OnProxy = v.strictObject({
  ...deeds,
  /** The versions of the proxy that can run it. */
  needs: v.optional(Range),
  config,
  /** The command that starts the proxy, and the one that prints who serves, where they are not the proxy's own (images/proxies). */
  start: v.optional(text),
  serving: v.optional(text),
  /** The reload itself, where it is not the proxy's own. */
  reload: v.optional(text),
  title: v.optional(text),
  idea: v.optional(text),
  source: v.optional(text),
  against: v.optional(text),
  price: v.optional(Price),
  expects: v.optional(expects),
  drawbacks: v.optional(drawbacks),
})

/** A case that was read from its file. */
export const LoadedCase = v.strictObject({
  ...facts,
  ...deeds,
  needs: v.optional(v.strictObject(needs)),
  /** False: no reload at all. */
  reload: v.optional(
    v.pipe(
      v.literal(false, 'false, for no reload at all; the command that reloads a proxy stands in on.haproxy.reload'),
      v.description('no reload at all'),
    ),
  ),
  /** The proxies that it is for, by name, with what differs there; without it, it is for every proxy, reloaded its own way. */
  on: v.optional(v.record(v.string(), OnProxy)),
})

/** Whether a case, with some proxy, takes a reload that replaces nobody for the proof that it acted. */
function provesNothing({ on, proof, replaces }: v.InferOutput<typeof LoadedCase>): boolean {
  const kinds = on ? Object.values(on).map((own) => ({ proof, replaces, ...own })) : [{ proof, replaces }]
  return kinds.some((own) => own.replaces === false && own.proof === 'reload')
}

/** A mitigation or a control, as its file says it. */
export const CaseFile = v.pipe(
  LoadedCase,
  v.check(
    (file) => !provesNothing(file),
    "proof 'reload' proves nothing where replaces is false: the same processes serve whether the reload ran or not; " +
      'expected commands that print what it did',
  ),
  v.check(
    ({ network, control, against }) => network === 'loopback' || control !== undefined || against !== undefined,
    "network 'veth' without against: the control \"none\" is on the loopback; expected a case on veth, as against: 'none-veth'",
  ),
  v.transform(
    (file): v.InferOutput<typeof LoadedCase> =>
      file.network === 'loopback'
        ? file
        : { ...file, needs: { ...file.needs, features: [file.network, ...(file.needs?.features ?? [])] } },
  ),
)

/**
 * A case as one cell runs it: with one proxy. Runs that were planned by older labs say `needs.haproxy`, which had been
 * seen to by then, have the lines for the configuration in `proxy`, and prove by 'kept-listener' that listeners are kept.
 */
export const Case = v.pipe(
  v.strictObject({
    ...facts,
    ...deeds,
    needs: v.optional(v.strictObject({ ...needs, haproxy: v.optional(Range) })),
    config,
    proof: v.optional(v.union([...Proof.options, v.literal('kept-listener')])),
    proxy: v.optional(v.strictObject({ global: commands, bind: v.optional(text) })),
    start: v.optional(text),
    serving: v.optional(text),
    /** The reload itself, or false for no reload at all. */
    reload: v.union([v.literal(false), text]),
  }),
  v.transform(({ proxy, proof, ...rest }) => ({
    ...rest,
    ...(proof && { proof: proof === 'kept-listener' ? ('reload' as const) : proof }),
    ...(proof === 'kept-listener' && { listeners: 'kept' as const }),
    ...(proxy && {
      config: { ...(proxy.global && { global: proxy.global }), ...(proxy.bind && { bind: [proxy.bind] }) },
    }),
  })),
)

export type Range = v.InferOutput<typeof Range>
export type Proof = v.InferOutput<typeof Proof>
export type Price = v.InferOutput<typeof Price>
export type Expectation = v.InferOutput<typeof Expectation>
export type Feature = (typeof FEATURES)[number]
/** A case as its file writes it. */
export type CaseFile = v.InferInput<typeof CaseFile>
export type LoadedCase = v.InferOutput<typeof LoadedCase>
export type Case = v.InferOutput<typeof Case>
