import * as v from 'valibot'

const whole = (low: number, high: number) => v.pipe(v.number(), v.integer(), v.minValue(low), v.maxValue(high))
const between = (low: number, high: number) => v.pipe(v.number(), v.minValue(low), v.maxValue(high))
const names = v.array(v.pipe(v.string(), v.nonEmpty()))

/** What a run is asked to measure: the value that preparing and planning start from. */
export const Request = v.object({
  /** Series (6.1), exact versions, globs over them, paths, or `host` for the running kernel. */
  kernels: v.pipe(names, v.minLength(1)),
  /** Names of cases, globs over them, or paths of files. */
  cases: v.pipe(names, v.minLength(1)),
  /**
   * Names of proxies, each alone or with a series or a path: haproxy, haproxy:2.6, haproxy:./my-haproxy. Null: not asked,
   * then each kernel has that of its time.
   */
  proxies: v.nullable(v.pipe(names, v.minLength(1))),
  /** Which of them are taken: all must be there (the default), the first that can be had, or each that can be had. */
  proxiesTaken: v.optional(v.picklist(['all', 'first', 'each'])),
  /** What guests are executed with; auto: KVM where the kernel boots with it, else TCG. */
  accel: v.picklist(['auto', 'kvm', 'tcg']),
  /**
   * Closed loop: connections at a time. Beside `rates`: the most at a time. Null: not asked. A guest's 384 MiB carry the most:
   * of the 303 MiB that a 6.1 guest has to spare, 10,000 connections took 73 MiB, both ends and HAProxy together; 75 to
   * 76 MiB with a banner or nginx; and 115 MiB where they were kept, with four proxies. Its ports are 55,000.
   */
  users: v.nullable(v.array(whole(1, 10_000))),
  /** Open loop: arrivals a second. Null: not asked. */
  rates: v.nullable(v.array(between(1, 200_000))),
  /** Open loop: arrivals as shares of what kernel and proxy carry without reloads; 1: all of it. No option asks for them; experiments do. */
  shares: v.optional(v.array(between(0.01, 1.5))),
  /** Connections that the proxy accepts in one go, -1: all. Null: what is the proxy's own default. */
  maxaccepts: v.nullable(v.array(whole(-1, 10_000))),
  /** Boots of each cell; until sure: at most. */
  boots: whole(1, 100),
  /** Whether cells get boots only until their verdicts are decided. */
  untilSure: v.optional(v.boolean(), false),
  /** Seconds of reloads in each boot. */
  duration: between(1, 3600),
  /** Milliseconds between the end of a reload and the start of the next. */
  interval: between(0, 60_000),
  /** Whether the server speaks first. */
  banner: v.boolean(),
  /** Whether connections are kept: milliseconds between an answer and the next request. Null: one request each. */
  keepAlive: v.nullable(between(1, 60_000)),
  /** Whether the request carries the ACK of the handshake. */
  fusedAck: v.boolean(),
  /** Whether the client closes with a RST. */
  closeWithRst: v.boolean(),
  /** Milliseconds from which a connection counts as slow. */
  slowMs: whole(1, 60_000),
  /**
   * Of the cases, loads and proxies that it comes to, the names of those that are taken; all where it does not say. No
   * option asks for it; shards do.
   */
  only: v.optional(v.object({ cases: v.optional(names), loads: v.optional(names), proxies: v.optional(names) })),
  /** Seed of the permutations that comparisons draw. */
  seed: whole(0, 2 ** 32 - 1),
})

export type Request = v.InferOutput<typeof Request>
