import * as v from 'valibot'
import { AbPrinted } from '../events.ts'
import { amount, count } from '../numbers.ts'

/** Of a million connections, each of which is reset once at most. */
const ofAMillion = v.pipe(amount, v.minValue(0), v.maxValue(1_000_000))

/** An estimate with the ends of its 95 % interval; no upper end where nothing bounds it. */
const Estimate = v.object({ mean: amount, low: amount, high: v.nullable(amount) })

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

/** What became of the requests of kept connections, and of *reused* ones: those that had had an answer. */
export const Kept = v.object({
  /** Requests that were sent, of them POSTs, and good answers. */
  requests: count,
  posts: count,
  answers: count,
  /** Of `resets`: reused connections. The rest were new ones. */
  resets: count,
  /** Of those: a POST was under way, which no client may send again by itself; nothing was under way. */
  resetPosts: count,
  resetIdle: count,
  /** Of `short`: reused connections, whose request got an empty reply. */
  shorts: count,
  /** `resets`, an entry a reload. */
  resetsByReload: v.array(count),
})

/** What ab printed, summed up over its runs: its own account, in which one connection may count several times. */
export const AbAccount = v.object({
  runs: count,
  /** Runs that ended without their numbers: of them nothing is known, and nothing is in the sums. */
  silent: count,
  ...AbPrinted.entries,
})

/** What was measured, of one cell that ended well, over all its boots. Latencies in milliseconds, rates a second. */
export const Measured = v.object({
  /**
   * How many of its intervals may miss, and below which p a difference is significant: 0.05, or in a run until sure the
   * nominal level after its last boot (lab/measure/statistics/looks.ts), so that all looks together err in 5 %.
   */
  level: v.optional(amount, 0.05),
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
  /** SYNs answered with RST; where `wire.fromClient` is not 0 besides, the least that met no listener (understated.ts). */
  refused: count,
  timeouts: count,
  short: count,
  other: count,
  /** What the article's tool would have printed in the columns errs and hits. */
  injectErrs: count,
  injectHits: count,
  /** Where ab made the load: what it printed. */
  ab: v.optional(v.nullable(AbAccount), null),
  /** Connections reset by the kernel's own count: OutRsts less refusals, repeated RSTs and the client's own. */
  kernelResets: count,
  /** RSTs on the wire, by tuple. */
  wire: v.object({
    /** Growth of OutRsts (/proc/net/snmp) while the load ran, less those that are `behindFin`: packets. */
    outRsts: count,
    /** RST packets seen on the server's device, by sender. */
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
    /** Of them, those whose RST came when the connection was over for its client: it may have reset nobody. */
    late: count,
    /** RSTs behind a FIN of either side, of a load over TLS, where each connection draws one; in no other count. */
    behindFin: v.optional(count, 0),
    /** Of those from clients, replies during a reload: they answered a TIME_WAIT of their port, and sent their SYN again. */
    sentAgain: v.optional(count),
  }),
  /** What reset them, by the kernel's counters. Of each boot they sum up to its resets but for what is unexplained. */
  causes: Causes,
  resetsPerReload: Estimate,
  /**
   * Of the exposed reloads (of all, where those are not known), the share that reset anything. Verdicts and reports also
   * count the reloads that refused any: `lossyShare` in lab/measure/measure.ts.
   */
  lossyReloads: v.object({ share: amount, low: amount, high: amount }),
  resetsPerMillion: ofAMillion,
  resetsPerMillionInterval: v.object({ low: ofAMillion, high: v.nullable(ofAMillion) }),
  /** One entry a reload, boot after boot: by the time of the RST. */
  resetsByReload: v.array(count),
  /** Of those, the ones that came in reply to a segment; null: not told. */
  repliesByReload: v.nullable(v.array(count)),
  refusedByReload: v.array(count),
  /** Whether each reload was exposed; null: not told. */
  exposedByReload: v.nullable(v.array(v.boolean())),
  /** Of a load of kept connections (see lab/model/case/load.ts); null: each carried one exchange. */
  kept: v.optional(v.nullable(Kept), null),
  /**
   * Resets by the part of the reload in which they came: the commands before it, the reload itself (in which the new
   * proxy binds), the commands after it, the wait for the old listener's close, the moments after it (or later, of connections that had begun by then), and the
   * pause until
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
  /** Answers a second while reloads were made, and before the first: one a connection, unless it is kept. */
  throughput: amount,
  quietThroughput: v.nullable(amount),
  /** Open loop: arrivals that were due, and not begun when the load ended. */
  waiting: count,
  /** Open loop: reloads after which connections still waited to be accepted when the wait for them was given up. */
  undrained: v.optional(count, 0),
  /** Connections begun a second while reloads were made. */
  begunPerSecond: amount,
  /** What the reloads were like: milliseconds a reload (hooks included, proof not), and reloads a second achieved. */
  reloadMs: v.object({ p50: amount, max: amount }),
  /**
   * Open loop: milliseconds from the end of a reload until the accept queues were short again (see `drainedAt` in
   * lab/model/case/load.ts), looked at each 20 ms; null where nobody looked.
   */
  drainMs: v.optional(v.nullable(v.object({ p50: amount, max: amount })), null),
  reloadsPerSecond: amount,
  /** Microseconds that a fixed piece of work took on the generator's CPU, the median of one a second; null: not told. */
  spinUs: v.nullable(amount),
  /** Each boot on its own, in order. */
  byBoot: v.array(BootMeasured),
})

export type Measured = v.InferOutput<typeof Measured>
