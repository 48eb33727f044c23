import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mean } from 'simple-statistics'
import { $ } from 'zx/core'
import { selectCases } from '../../cases/load.ts'
import { KERNELS } from '../../images/kernels/catalogue.ts'
import { carry } from '../engine/swarm/carry.ts'
import { openSwarm } from '../engine/swarm/engine.ts'
import { runImage } from '../engine/swarm/run-image.ts'
import { isMeasured, type MeasuredCell } from '../model/result.ts'
import type { Supply } from '../model/supply.ts'
import { resultIn } from '../saved/reference.ts'
import { type BootCost, cellsOf, hoursOn, type MatrixProxy } from './matrix.ts'

/** Orders side by side, and so many each; the last makes 1,000. */
const WORKERS = [1, 2, 4, 8, 40]
const EACH = 25
/** Milliseconds that an order sleeps. */
const SLEEP = 1000
/** Boots of the runs from whose difference a boot's wall time follows: what a run does once falls out. */
const BOOTS = { few: 2, many: 10 }
const MACHINES = [1, 8, 64]
/** The whole matrix. */
const RELOADS = 180
const PROXIES: MatrixProxy[] = [
  { name: 'haproxy', version: '2.6' },
  { name: 'haproxy', version: '3.0' },
  { name: 'nginx', version: '1.22' },
]

/** What carrying cells costs beside the cells, and what the whole matrix takes. HITLESS_REGISTRY names the registry of a Swarm with several nodes. */
export async function scale(signal: AbortSignal): Promise<string> {
  const asleep = await sleepers(signal)
  const boots = await bootCosts()
  return [
    `orders that sleep ${SLEEP} ms on a Swarm`,
    ...asleep,
    '',
    'boots of 6.1, none, one at a time',
    ...boots.map(
      ({ engine, seconds, took }) =>
        `${engine}: ${seconds.toFixed(2)} s a boot, ${(seconds - took).toFixed(2)} s of it beside its guest; ${whole(3600 / seconds)} boots an hour`,
    ),
    '',
    `${KERNELS.length} kernels, all cases, ${PROXIES.map(({ name, version }) => `${name} ${version}`).join(', ')}, ${RELOADS} reloads a cell`,
    ...(await matrix(boots)),
  ].join('\n')
}

const whole = (value: number) => Math.round(value).toLocaleString('en')

/** How long orders take that do nothing, by how many are underway. */
async function sleepers(signal: AbortSignal): Promise<string[]> {
  const note = (line: string) => process.stderr.write(`${line}\n`)
  const supply: Supply = { offline: false, note, signal }
  const registry = process.env.HITLESS_REGISTRY
  const { swarm, shop, ready } = await openSwarm([], registry, supply)
  swarm.image = await runImage(shop, [], registry, signal)
  const place = { nodes: ready.map(({ id }) => id), constraints: [] }
  const lines: string[] = []
  for (const workers of WORKERS) {
    const orders = workers * EACH
    let begun = 0
    const since = performance.now()
    await Promise.all(
      Array.from({ length: workers }, async () => {
        while (begun++ < orders) await carry(swarm, { do: 'sleep', ms: SLEEP }, place, {}, signal)
      }),
    )
    const ms = performance.now() - since
    const overhead = (ms * workers) / orders - SLEEP
    lines.push(
      `${orders} orders, ${workers} at a time: ${(ms / 1000).toFixed(1)} s, ${whole(overhead)} ms beside its sleep each; ${whole((3.6e6 * orders) / ms)} an hour`,
    )
  }
  return lines
}

interface EngineCost extends BootCost {
  engine: string
  /** Seconds of its guest. */
  took: number
}

/** What a boot takes on each engine. */
async function bootCosts(): Promise<EngineCost[]> {
  const costs: EngineCost[] = []
  for (const engine of ['local', 'docker', 'swarm']) {
    // The first run fetches, builds and pushes.
    await timed(engine, 1)
    const few = await timed(engine, BOOTS.few)
    const many = await timed(engine, BOOTS.many)
    costs.push({
      engine,
      seconds: (many.seconds - few.seconds) / (BOOTS.many - BOOTS.few),
      took: mean(many.cell.eachBoot.map(({ tookMs }) => tookMs! / 1000)),
      reloads: many.cell.reloads / BOOTS.many,
    })
  }
  return costs
}

// Its verdict does not matter, and is its exit status.
const run = $({ quiet: true, nothrow: true })

/** A run of one cell. */
async function timed(engine: string, boots: number): Promise<{ seconds: number; cell: MeasuredCell }> {
  const out = mkdtempSync(join(tmpdir(), 'hitless-bench-'))
  const { HITLESS_REGISTRY: registry } = process.env
  const where = engine === 'swarm' && registry ? ['--registry', registry] : []
  const what = ['--kernel', '6.1', '--accel', 'tcg', '--case', 'none', '--users', '80', '--boots', `${boots}`]
  try {
    const since = performance.now()
    const { stderr } = await run`npx tsx lab/run.ts ${what} --jobs 1 --engine ${engine} ${where} --out ${out}`
    const seconds = (performance.now() - since) / 1000
    if (!existsSync(join(out, 'result.json'))) throw new Error(`--engine ${engine}: ${stderr}`)
    const [cell] = resultIn(out).cells.filter(isMeasured)
    if (!cell) throw new Error(`${engine}: the cell failed`)
    return { seconds, cell }
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

/** What the whole matrix takes, with what a boot takes on a Swarm and with one boot at a time on a machine. */
async function matrix(costs: EngineCost[]): Promise<string[]> {
  const cells = cellsOf(
    await selectCases(['*']),
    KERNELS.map(({ series }) => series),
    PROXIES,
  )
  return costs.map((each) => {
    const hours = MACHINES.map(
      (machines) => `${hoursOn(machines, 1, cells, RELOADS, each).toFixed(1)} h on ${machines}`,
    )
    return `${each.engine}: at most ${whole(cells)} cells: ${hours.join(', ')} (machines with two CPUs)`
  })
}
