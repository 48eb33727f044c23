import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { median } from 'simple-statistics'
import { scratch } from '../../images/cache/cache.ts'
import { EXIT } from '../model/fault.ts'
import { starter } from './boots/start.ts'

const REPEATS = 5
const BOOTS = 100

/**
 * Runs a command of the lab; `until` sees its saved events and may end it early. Returns milliseconds.
 *
 * @throws Error with what it said where it did not come to its end: a failure takes a time, too
 */
export const timed = (args: string[], env: NodeJS.ProcessEnv = {}, until?: (out: string) => boolean): Promise<number> =>
  scratch('bench', (out) => timedInto(out, args, env, until))

async function timedInto(
  out: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  until?: (out: string) => boolean,
): Promise<number> {
  const start = performance.now()
  const child = spawn('npx', ['tsx', 'lab/run.ts', ...args, '--out', out], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
    detached: true,
  })
  const steps: string[] = []
  child.stderr.on('data', (text) =>
    steps.push(`${((performance.now() - start) / 1000).toFixed(1)} s ${String(text).trim()}`),
  )
  let gone = false
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      gone = true
      resolve(status)
    })
  })
  const failed = (status: number | null) =>
    new Error(`lab/run.ts ${args.join(' ')} ended with status ${status}:\n${steps.join('\n')}`)
  try {
    if (until) {
      while (!until(out)) {
        if (gone) throw failed(await ended)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      return performance.now() - start
    }
    const status = await ended
    if (status !== EXIT.expected && status !== EXIT.contradicts) throw failed(status)
    return performance.now() - start
  } finally {
    if (!gone) process.kill(-child.pid!, 'SIGTERM')
    await ended
    if (env.XDG_CACHE_HOME) process.stdout.write(`${steps.join('\n')}\n`)
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
function spread(all: number[]): string {
  if (!all.length) return 'never'
  return `median ${seconds(median(all))} of ${all.length} (${seconds(Math.min(...all))} to ${seconds(Math.max(...all))})`
}

async function repeat(times: number, run: () => Promise<number>): Promise<string> {
  const all: number[] = []
  for (let i = 0; i < times; i++) all.push(await run())
  return spread(all)
}

function saysBoot(out: string): boolean {
  return readdirSync(out)
    .map((cell) => join(out, cell, 'boot-1', 'events.jsonl'))
    .some((file) => existsSync(file) && readFileSync(file, 'utf8').includes('"e":"boot"'))
}

/** From the command to the guest's first event. */
export async function firstEvent(): Promise<string> {
  return repeat(REPEATS, () =>
    timed(['--kernel', '6.1', '--case', 'no-reload', '--users', '20', '--boots', '1'], {}, saysBoot),
  )
}

/** The wall time of two runs of the main job. */
export async function wall(): Promise<string> {
  const few = await repeat(REPEATS, () => timed(['--kernel', '6.1', '--case', 'none,fd-passing', '--duration', '5']))
  const all = await repeat(1, () => timed(['--kernel', '6.1']))
  return `--kernel 6.1 --case none,fd-passing --duration 5: ${few}\n--kernel 6.1, all cases: ${all}`
}

/** Boots again and again; the guest's own limits end one that hangs. A boot that had to be repeated counts as failed. */
export async function boots(signal: AbortSignal): Promise<string> {
  const start = await starter('auto', signal)
  const failures: string[] = []
  const times: number[] = []
  for (let i = 0; i < BOOTS && !signal.aborted; i++) {
    const told = await start()
    if ('failed' in told) failures.push(`boot ${i}: ${told.failed}`)
    else {
      times.push(told.ms)
      if (told.starts > 1) failures.push(`boot ${i}: took ${told.starts} starts`)
    }
  }
  return [`${BOOTS} boots, ${failures.length} failed; start to first event: ${spread(times)}`, ...failures].join('\n')
}

/** From an empty cache to the first result. */
export async function cold(): Promise<string> {
  const args = ['--kernel', '6.1', '--case', 'none', '--duration', '1']
  return scratch('bench', async (cache) => seconds(await timed(args, { XDG_CACHE_HOME: cache })))
}
