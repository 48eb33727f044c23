import { bootstrapMean } from '../measure/fixture.ts'
import { cappedShare } from '../measure/limit.ts'
import type { Load, MeasuredCell } from '../measure/result.ts'
import { shareInterval } from '../measure/statistics.ts'

const RELOADS = 64
const BOOTS = 2
const CONNECTIONS = 10_000
const PARTS = ['before', 'reload', 'after', 'closing', 'settling', 'pause'] as const

/** What a case makes of the cell `none`. */
interface Shape {
  /** Resets of the reloads, in turn. */
  resets?: number[]
  /** Of those, the share that came in reply to a segment. */
  replies?: number
  /** Reloads that met no connection. */
  spared?: number
  more?: Partial<MeasuredCell>
}

const latency = (p50: number, p99: number, p999: number, max: number): Partial<MeasuredCell> => ({
  latencyMs: { p50, p99, p999, max },
  latencyCurve: [
    [0, p50 / 10],
    [50, p50],
    [99, p99],
    [99.9, p999],
    [100, max],
  ],
})

const SHAPES: Record<string, Shape> = {
  none: { resets: [9, 12, 7, 14, 0, 10, 11, 16], replies: 0.1 },
  'ack-block': { resets: [11, 13, 8, 14, 9, 12, 10, 7], replies: 0.5, more: { resetsBeforeRequest: 0, injectErrs: 0 } },
  ebpf: { more: { reloadMs: { p50: 221, max: 288 }, proof: { value: 256, byReload: Array(RELOADS).fill(4) } } },
  'fd-passing': {},
  'syn-block': {
    spared: 50,
    more: {
      ...latency(25, 3064, 3097, 7282),
      slow: 179,
      throughput: 113,
      reloadMs: { p50: 165, max: 322 },
      proof: { value: 5120, byReload: null },
    },
  },
  'syn-delay': { more: { ...latency(22, 165, 199, 211), slow: 6, reloadMs: { p50: 190, max: 293 } } },
  'no-reload': {},
}

const sum = (values: number[]) => values.reduce((all, value) => all + value, 0)

const COMMON = { duration: 7.5, interval: 100, fusedAck: false, closeWithRst: false, slowMs: 200 }

/** A closed loop. */
export const closed = (users: number, name = `users-${users}`): Load => ({
  ...{ name, loop: 'closed', users, rate: null, capacity: null },
  ...COMMON,
})
export const SATURATED = closed(80, 'saturated')
export const HALF: Load = { ...COMMON, name: 'half', loop: 'open', users: 2000, rate: 640, capacity: 1280 }

/** Where a cell of the fixtures ran: its kernel, and into which parts of a reload its resets fall. */
export interface On {
  kernel: string
  series: string
  host?: boolean
  share?: number[]
  load?: Load
  version?: string
  maxaccept?: number
  /** Resets of the reloads, in turn, instead of those of the case. */
  turns?: number[]
}

/** A cell whose numbers fit together, as if it had been measured: made up, and the same each time. */
export function cellOf(name: string, on: On): MeasuredCell {
  const { kernel, series, host, share = [0, 0.4, 0.1, 0.5], load = SATURATED, version = '2.6.12', maxaccept = 4 } = on
  const { resets: usual = [0], replies = 0, spared = 0, more } = SHAPES[name]!
  const turns = on.turns ?? usual
  const reloads = name === 'no-reload' ? 0 : RELOADS
  const resetsByReload = Array.from({ length: reloads }, (_, i) => turns[i % turns.length]!)
  const repliesByReload = resetsByReload.map((count) => Math.floor(replies * count))
  const [resets, replied] = [sum(resetsByReload), sum(repliesByReload)]
  const before = Math.floor(resets / 20)
  const exposedByReload = resetsByReload.map((_, i) => i >= spared)
  const exposed = exposedByReload.filter(Boolean).length
  const resetsPerReload = bootstrapMean(resetsByReload, 1)
  const perMillion = (value: number) => (value * reloads * 1e6) / CONNECTIONS
  const counts = PARTS.map((_, i) => Math.floor((share[i] ?? 0) * resets))
  counts[3]! += resets - sum(counts)
  return {
    kernel,
    series,
    case: name,
    guest: host ? 'host' : 'qemu',
    accel: host ? 'native' : 'tcg',
    proxy: { name: 'haproxy', version, maxaccept },
    kernelSha256: host
      ? null
      : [...series]
          .map((digit) => digit.charCodeAt(0).toString(16))
          .join('')
          .padEnd(64, '0'),
    kernelVersion: `Linux version ${kernel} (gcc-12) #1 SMP Debian ${series}.9-1 (2026-11-16)`,
    load,
    seed: 1,
    noisy: false,
    noise: [],
    boots: BOOTS,
    eachBoot: Array.from({ length: BOOTS }, (_, i) => ({
      folder: `boot-${i + 1}`,
      starts: 1,
      bootMs: host ? null : 2800,
      pins: { proxy: '0', generator: '1', vcpus: host ? [] : ['0', '1'], vcpusAtEnd: host ? [] : ['0', '1'] },
      waited: 0.02,
      stolen: 0,
      clocksource: 'tsc',
      command: ['qemu-system-x86_64', '-append', 'console=ttyS0 quiet'],
    })),
    folder: [kernel, name, load.name, version, maxaccept].join('-'),
    reloads,
    exposed,
    connections: CONNECTIONS,
    ok: CONNECTIONS - resets,
    resets,
    resetsBeforeRequest: before,
    refused: 0,
    timeouts: 0,
    short: 0,
    other: 0,
    injectErrs: before,
    injectHits: CONNECTIONS - before,
    kernelResets: resets,
    wire: {
      outRsts: resets,
      fromServer: resets,
      fromClient: 0,
      resets,
      active: resets - replied,
      refusals: 0,
      repeated: 0,
      missing: 0,
      unmatched: 0,
      late: 0,
    },
    causes: { acceptQueue: resets - replied, synRecv: replied, completing: 0, closed: 0, unexplained: 0 },
    resetsPerReload,
    lossyReloads: shareInterval(resetsByReload.filter(Boolean).length, exposed),
    resetsPerMillion: perMillion(resetsPerReload.mean),
    resetsPerMillionInterval: {
      low: perMillion(resetsPerReload.low),
      high: resetsPerReload.high === null ? null : perMillion(resetsPerReload.high),
    },
    resetsByReload,
    repliesByReload,
    refusedByReload: resetsByReload.map(() => 0),
    exposedByReload,
    resetsByPart: Object.fromEntries(PARTS.map((part, i) => [part, counts[i]!])) as MeasuredCell['resetsByPart'],
    resetsBeforeReloads: 0,
    held: reloads ? { mean: 18.2, max: 20 } : null,
    inFlight: reloads ? { mean: 20, max: 20 } : null,
    proof: null,
    service: { asked: 8, answered: 8 },
    priced: 9500,
    ...(latency(22, 84, 158, 174) as Pick<MeasuredCell, 'latencyMs' | 'latencyCurve'>),
    slow: 0,
    throughput: 600,
    quietThroughput: 995,
    waiting: 0,
    begunPerSecond: 640,
    reloadMs: reloads ? { p50: 130, max: 231 } : { p50: 0, max: 0 },
    reloadsPerSecond: reloads / (BOOTS * load.duration),
    spinUs: 410,
    capped: cappedShare(resetsByReload, load, maxaccept),
    limitedBy: load.rate === null ? 'proxy' : 'rate',
    cpu: load.rate === null ? { proxy: 0.99, generator: 0.6 } : { proxy: 0.5, generator: 0.31 },
    byBoot: Array.from({ length: BOOTS }, (_, i) => {
      const part = [(i * reloads) / BOOTS, ((i + 1) * reloads) / BOOTS] as const
      const its = resetsByReload.slice(...part)
      const replied = repliesByReload.slice(...part)
      return {
        reloads: its.length,
        exposed: exposedByReload.slice(...part).filter(Boolean).length,
        connections: CONNECTIONS / BOOTS,
        resets: sum(its),
        refused: 0,
        causes: {
          acceptQueue: sum(its) - sum(replied),
          synRecv: sum(replied),
          completing: 0,
          closed: 0,
          unexplained: 0,
        },
        resetsPerReload: its.length > 0 ? sum(its) / its.length : 0,
        throughput: 600,
        quietThroughput: 995,
        spinUs: 410,
      }
    }),
    verdict: 'expected',
    reason: `${resets} resets in ${reloads} reloads`,
    ...more,
    resetsAfterRequest: resets - (more?.resetsBeforeRequest ?? before),
  }
}
