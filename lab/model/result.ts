import * as v from 'valibot'
import { Price } from '../../cases/case.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const amount = v.pipe(v.number(), v.finite())

/** An estimate with the ends of its 95 % interval; no upper end where nothing bounds it. */
const Estimate = v.object({ mean: amount, low: amount, high: v.nullable(amount) })

export const VERDICTS = ['expected', 'contradicts', 'inconclusive', 'failed'] as const

/** How a cell was loaded and reloaded: everything that a reader needs to judge its numbers. */
export const Load = v.object({
  /**
   * `saturated` and `half` are the lab's own; others say what was asked for: `users-20`, `rate-500`. It is part of the
   * cell's name.
   */
  name: v.string(),
  loop: v.picklist(['closed', 'open']),
  /** Closed loop: connections at a time. Open loop: the most at a time. */
  users: count,
  /** Open loop: arrivals a second; null in closed loop. */
  rate: v.nullable(amount),
  /** Connections a second that this kernel and proxy carry without reloads, of which `rate` is a share; null: not asked. */
  capacity: v.nullable(amount),
  /** Seconds during which reloads were made, in each boot. */
  duration: amount,
  /** Milliseconds between the end of a reload and the start of the next. */
  interval: amount,
  fusedAck: v.boolean(),
  closeWithRst: v.boolean(),
  /** Milliseconds from which a connection counts as slow. */
  slowMs: amount,
})

/** The proxy of a cell. */
export const ProxyFacts = v.object({
  name: v.literal('haproxy'),
  version: v.string(),
  /** tune.maxaccept: connections that it accepts in one go; -1: all. */
  maxaccept: v.pipe(v.number(), v.integer(), v.minValue(-1)),
})

/** What kept a load from being more: a CPU, the rate that was asked for, or that all its clients waited. */
export const LIMITS = ['generator', 'proxy', 'rate', 'users'] as const

/** What reset connections: see causes.ts. */
const Causes = v.object({ acceptQueue: count, synRecv: count, completing: count, closed: count, unexplained: count })

/** One boot of a cell, by its events: what pooling over the boots would hide. */
const BootMeasured = v.object({
  reloads: count,
  exposed: v.nullable(count),
  connections: count,
  resets: count,
  refused: count,
  causes: Causes,
  /** Of its reloads. */
  resetsPerReload: amount,
  throughput: amount,
  quietThroughput: v.nullable(amount),
  /** Microseconds that a fixed piece of work took on the generator's CPU, the median of one a second; null: not told. */
  spinUs: v.nullable(amount),
})

/** What was measured, of one cell that ended well, over all its boots. Latencies in milliseconds, rates a second. */
export const Measured = v.object({
  reloads: count,
  /**
   * Reloads during which the server's side held a connection: only they had anything to lose. Null where the guest did
   * not tell.
   */
  exposed: v.nullable(count),
  /** Connections that the generator began. ok + resets + refused + timeouts + short + other = connections. */
  connections: count,
  ok: count,
  resets: count,
  /** Of `resets`: the RST was there before the request was sent, or came after it. */
  resetsBeforeRequest: count,
  resetsAfterRequest: count,
  refused: count,
  timeouts: count,
  short: count,
  other: count,
  /** What the article's tool would have printed in the columns errs and hits. */
  injectErrs: count,
  injectHits: count,
  /** Connections reset by the kernel's own count: OutRsts less refusals, repeated RSTs and the client's own. */
  kernelResets: count,
  /** RSTs on the wire, by tuple. */
  wire: v.object({
    /** Growth of OutRsts (/proc/net/snmp) while the load ran: packets. */
    outRsts: count,
    /** RST packets seen on the loopback, by sender. */
    fromServer: count,
    fromClient: count,
    /** Connections (4-tuples) that drew at least one RST from the server's port, without refusals. */
    resets: count,
    /** Of them, those whose first RST came of a socket's own accord, not in reply to a segment; null: not told. */
    active: v.nullable(count),
    /** RSTs that answered a SYN. */
    refusals: count,
    /** Second and later RSTs of a connection. */
    repeated: count,
    /** Connections that the generator has as reset, and that drew no RST. */
    missing: count,
    /** Connections that drew a RST, and that the generator does not have as reset. */
    unmatched: count,
    /** Of them, those whose RST came in reply to a segment when the connection was over: it may have reset nobody. */
    late: count,
  }),
  /** What reset them, by the kernel's counters. Of each boot they sum up to its resets but for what is unexplained. */
  causes: Causes,
  resetsPerReload: Estimate,
  /** Of the exposed reloads (of all, where those are not known), the share that lost anything. */
  lossyReloads: v.object({ share: amount, low: amount, high: amount }),
  resetsPerMillion: amount,
  resetsPerMillionInterval: v.object({ low: amount, high: v.nullable(amount) }),
  /** One entry a reload, boot after boot: by the time of the RST. */
  resetsByReload: v.array(count),
  /** Of those, the ones that came in reply to a segment; null: not told. */
  repliesByReload: v.nullable(v.array(count)),
  refusedByReload: v.array(count),
  /** Whether each reload was exposed; null: not told. */
  exposedByReload: v.nullable(v.array(v.boolean())),
  /**
   * Resets by the part of the reload in which they came: the commands before it, the reload itself (in which the new
   * proxy binds), the commands after it, the wait for the old listener's close, the moments after it, and the pause until
   * the next.
   */
  resetsByPart: v.object({
    before: count,
    reload: count,
    after: count,
    closing: count,
    settling: count,
    pause: count,
  }),
  /** Resets before the first reload: the negative control that every cell carries; must be 0. */
  resetsBeforeReloads: count,
  /**
   * Closed loop: the share of reloads whose resets are within one of users − maxaccept, which is the most that a proxy
   * with a small maxaccept can lose. Null in an open loop, and where maxaccept sets no such ceiling.
   */
  capped: v.nullable(amount),
  /** What limited the load: the busier CPU, the rate that was asked for, or the clients, which waited; null: not told. */
  limitedBy: v.nullable(v.picklist(LIMITS)),
  /**
   * How busy the CPUs of proxy and generator were while reloads were made, 0 to 1, of the time that no hypervisor took;
   * null: not told. On the running kernel that is also with what else runs on them.
   */
  cpu: v.object({ proxy: v.nullable(amount), generator: v.nullable(amount) }),
  /** Connections that the server's side held when a reload's new process had started; null: not told. */
  held: v.nullable(v.object({ mean: amount, max: count })),
  /** The same of connections that had begun and not ended, whoever held them. */
  inFlight: v.nullable(v.object({ mean: amount, max: count })),
  /** What the case's proof found, see cases/case.ts; null without one. */
  proof: v.nullable(
    v.object({
      /** The numbers that it printed, summed up. */
      value: count,
      /** What it printed in each reload; null where it ran once a boot. */
      byReload: v.nullable(v.array(count)),
    }),
  ),
  /** When all was over: how many of the lab's own connections the service answered; null: not told. */
  service: v.nullable(v.object({ asked: count, answered: count })),
  /**
   * The price, of connections that began while reloads were made. One that timed out is in the latencies, as slow as
   * the time it was given. Of runs whose guests did not tell phases: of all connections that ended well.
   */
  priced: count,
  latencyMs: v.object({ p50: amount, p99: amount, p999: amount, max: amount }),
  /** Points of the latency distribution for plotting: [percentile, milliseconds]. */
  latencyCurve: v.array(v.tuple([amount, amount])),
  /** Connections that ended well, but late. */
  slow: count,
  /** Connections answered a second while reloads were made, and before the first. */
  throughput: amount,
  quietThroughput: v.nullable(amount),
  /** Open loop: arrivals that were due, and not begun when the load ended. */
  waiting: count,
  /** Connections begun a second while reloads were made. */
  begunPerSecond: amount,
  /** What the reloads were like: milliseconds a reload (hooks included, proof not), and reloads a second achieved. */
  reloadMs: v.object({ p50: amount, max: amount }),
  reloadsPerSecond: amount,
  /** Microseconds that a fixed piece of work took on the generator's CPU, the median of one a second; null: not told. */
  spinUs: v.nullable(amount),
  /** Each boot on its own, in order. */
  byBoot: v.array(BootMeasured),
})

/** Where one boot of a cell ran and how it can be run again. */
export const Boot = v.object({
  /** Inside the cell's folder: events.jsonl, console.log, command.txt, cell/. */
  folder: v.string(),
  /** How often its guest was started: more than once when it died before its first event. */
  starts: count,
  /** Milliseconds from the start of the guest to its first event. */
  bootMs: v.nullable(amount),
  /** As read back while the load ran, from inside (proxy, generator) and, for QEMU, from outside (vCPU threads). */
  pins: v.object({
    proxy: v.string(),
    generator: v.string(),
    vcpus: v.array(v.string()),
    /** The vCPU threads again, behind the last reload. */
    vcpusAtEnd: v.array(v.string()),
  }),
  /** Share of the time that the vCPU threads (or, on the host, the pinned programs) waited for a CPU: 0 to 1. */
  waited: v.nullable(amount),
  /** Share of the time of their host CPUs that this host's own hypervisor took (steal in /proc/stat): 0 to 1. */
  stolen: v.nullable(amount),
  clocksource: v.nullable(v.string()),
  /** The exact command that started the guest. */
  command: v.array(v.string()),
})

/** What a cell is, where it ran and how it can be run again. */
export const Provenance = v.object({
  kernel: v.string(),
  series: v.string(),
  case: v.string(),
  guest: v.picklist(['qemu', 'host']),
  accel: v.picklist(['tcg', 'kvm', 'native']),
  proxy: ProxyFacts,
  /** SHA-256 of the kernel image; null for the running kernel. */
  kernelSha256: v.nullable(v.string()),
  /** /proc/version, as the guest's kernel says it. */
  kernelVersion: v.nullable(v.string()),
  load: Load,
  /** Seed of the permutations that comparisons draw. */
  seed: count,
  /** Whether something else slowed the cell: then its numbers, counts of resets included, are also the machine's. */
  noisy: v.boolean(),
  /** What told so; empty when nothing did. */
  noise: v.array(v.string()),
  /** In how many boots it was measured. */
  boots: count,
  /** Those boots, in order; of a cell that failed, those that began. */
  eachBoot: v.array(Boot),
  /** Folder of the cell inside the run, with a folder a boot. */
  folder: v.string(),
})

export const Verdict = v.object({ verdict: v.picklist(VERDICTS), reason: v.string() })

/** A cell that measured something, so that it has not failed. */
export const MeasuredCell = v.object({
  ...Provenance.entries,
  ...Measured.entries,
  ...Verdict.entries,
  verdict: v.pipe(Verdict.entries.verdict, v.notValue('failed', 'expected, contradicts or inconclusive')),
})
/** A cell that did not end well: never a number, always a reason and the tail of the console. */
export const FailedCell = v.object({
  ...Provenance.entries,
  verdict: v.literal('failed'),
  reason: v.string(),
  consoleTail: v.array(v.string()),
})

/** Cells that were not run. A kernel that could not be had is skipped as a whole: its case is '*'. */
export const Skipped = v.object({
  kernel: v.string(),
  case: v.string(),
  /** The proxy, where there are several in the run. */
  proxy: v.optional(v.string()),
  reason: v.string(),
  /** The feature that the kernel lacks, by its name in cases/case.ts; what the probe said is in `reason`. */
  feature: v.optional(v.string()),
})

/** A kernel of the run: what it is, and what it can do by its own account. */
export const KernelFacts = v.object({
  /** `uname -r`, as in the cells. */
  kernel: v.string(),
  series: v.string(),
  /** Where it came from: the live mirror, Debian's archive or snapshot, a path of the user's, the running kernel. */
  origin: v.picklist(['live', 'archive', 'snapshot', 'yours', 'host']),
  /** Debian's version of the package; null for a kernel that is not Debian's. */
  version: v.nullable(v.string()),
  /** SHA-256 of the image, and of the package that it came in; null where there is none. */
  imageSha256: v.nullable(v.string()),
  packageSha256: v.nullable(v.string()),
  /** The configuration that it was built with, as a file in the run's folder; null where it is not known. */
  config: v.nullable(v.object({ file: v.string(), sha256: v.string() })),
  /** What the probes found, by the features of cases/case.ts. */
  features: v.record(v.string(), v.object({ has: v.boolean(), said: v.string() })),
})

/** Static facts of the cases in a result, so that a report can be made from the result alone. */
export const CaseFacts = v.object({
  name: v.string(),
  title: v.string(),
  idea: v.string(),
  source: v.string(),
  control: v.optional(v.picklist(['positive', 'negative'])),
  /** The commands, by moment: setup, ready, before, reload, after, proof. */
  commands: v.record(v.string(), v.array(v.string())),
  /** What its proof shows, as a noun: "SYNs that its rule dropped". */
  proof: v.optional(v.string()),
  /** What it says that it may cost. */
  price: v.optional(Price),
  drawbacks: v.array(v.string()),
})

/** result.json. */
export const Result = v.object({
  schema: v.literal(2),
  name: v.string(),
  /** ISO 8601, UTC. */
  started: v.string(),
  /** Wall seconds of the whole run. */
  seconds: amount,
  /** The lab's command line. */
  argv: v.array(v.string()),
  lab: v.object({ version: v.string(), commit: v.nullable(v.string()) }),
  host: v.object({ kernel: v.string(), cpu: v.string(), cpus: count, qemu: v.nullable(v.string()) }),
  cells: v.array(v.variant('verdict', [FailedCell, MeasuredCell])),
  skipped: v.array(Skipped),
  /** The kernels of the cells, the oldest first. */
  kernels: v.optional(v.array(KernelFacts), []),
  cases: v.array(CaseFacts),
  /** True when the run was interrupted: the cells are those that had ended. */
  interrupted: v.boolean(),
})

export type Load = v.InferOutput<typeof Load>
export type ProxyFacts = v.InferOutput<typeof ProxyFacts>
export type Boot = v.InferOutput<typeof Boot>
export type Measured = v.InferOutput<typeof Measured>
export type Provenance = v.InferOutput<typeof Provenance>
export type MeasuredCell = v.InferOutput<typeof MeasuredCell>
export type FailedCell = v.InferOutput<typeof FailedCell>
export type Skipped = v.InferOutput<typeof Skipped>
export type KernelFacts = v.InferOutput<typeof KernelFacts>
export type CaseFacts = v.InferOutput<typeof CaseFacts>
export type Result = v.InferOutput<typeof Result>
export type Verdict = (typeof VERDICTS)[number]

/** Whether a cell measured something. */
export const isMeasured = (cell: MeasuredCell | FailedCell): cell is MeasuredCell => cell.verdict !== 'failed'
