import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mean } from 'simple-statistics'
import { $ } from 'zx/core'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { resultIn } from '../../saved/reference.ts'
import type { BootCost } from './matrix.ts'

/** The cell that is timed, as lab/run.ts takes it. */
export const CELL = ['--kernel', '6.1', '--accel', 'tcg', '--case', 'none', '--users', '80']

export interface EngineCost extends BootCost {
  engine: string
  /** Seconds of its guest. */
  took: number
  host: Result['host']
}

/**
 * What a boot takes on each engine, one at a time.
 *
 * @param boots of the two runs from whose difference its wall time follows: what a run does once falls out
 */
export async function bootCosts(boots: { few: number; many: number }, signal: AbortSignal): Promise<EngineCost[]> {
  const costs: EngineCost[] = []
  for (const engine of ['local', 'docker', 'swarm']) {
    // The first run fetches, builds and pushes.
    await timed(engine, 1, signal)
    const few = await timed(engine, boots.few, signal)
    const many = await timed(engine, boots.many, signal)
    costs.push({
      engine,
      seconds: (many.seconds - few.seconds) / (boots.many - boots.few),
      took: mean(many.cell.eachBoot.map(({ tookMs }) => tookMs! / 1000)),
      reloads: many.cell.reloads / boots.many,
      host: many.host,
    })
    process.stderr.write(`${engine}: timed\n`)
  }
  return costs
}

/** A run of one cell. Its verdict does not matter, and is its exit status. */
async function timed(
  engine: string,
  boots: number,
  signal: AbortSignal,
): Promise<{ seconds: number; cell: MeasuredCell; host: Result['host'] }> {
  signal.throwIfAborted()
  const out = mkdtempSync(join(tmpdir(), 'hitless-bench-'))
  const { HITLESS_REGISTRY: registry } = process.env
  const where = engine === 'swarm' && registry ? ['--registry', registry] : []
  const run = $({ quiet: true, nothrow: true, signal })
  try {
    const since = performance.now()
    const { stderr } =
      await run`npx tsx lab/run.ts ${CELL} --boots ${boots} --jobs 1 --engine ${engine} ${where} --out ${out}`
    const seconds = (performance.now() - since) / 1000
    if (!existsSync(join(out, 'result.json'))) throw new Error(`--engine ${engine}: ${stderr}`)
    const { cells, host } = resultIn(out)
    const [cell] = cells.filter(isMeasured)
    if (!cell) throw new Error(`--engine ${engine}: the cell failed`)
    return { seconds, cell, host }
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}
