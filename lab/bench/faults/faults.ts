import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { scratch } from '../../../images/cache/cache.ts'
import { random } from '../../measure/statistics/random.ts'
import { EXIT, Fault as Refusal } from '../../model/fault.ts'
import { halfWritten, judge } from './judge.ts'
import { DISK_MEGABYTES, FAULTS, type Fault, KERNELS, type Victim } from './kinds.ts'
import { leftSince, look, scratchIn } from './leftovers.ts'
import { type Injected, tableOf } from './table.ts'
import { linkedCache, SmallDisk } from './world.ts'

/** Short cells: one that must lose connections, and one that must not. */
const CASES = ['none', 'fd-passing']
const asked = (kernel: string, cases: string[]) => [
  ...['--kernel', kernel, '--case', cases.join(',')],
  ...['--users', '20', '--boots', '1', '--duration', '2', '--jobs', '1'],
]

/** Seconds after which a lab hangs: the longest of its own limits is 60. */
const HANGS = 180

/** How often each fault is done on each kernel. */
const WHOLE = { times: 3, seed: 1, faults: FAULTS }

interface Ended {
  status: number | null
  stderr: string
  seconds: number
}

/** A lab at work. */
interface Begun {
  lab: ChildProcess
  ended: Promise<Ended>
}

function begin(args: string[], env: Record<string, string>, enter: string[] = []): Begun {
  const command = [...enter, process.execPath, '--import', 'tsx', 'lab/run.ts', ...args]
  const lab = spawn(command[0]!, command.slice(1), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const since = performance.now()
  let stderr = ''
  lab.stderr!.on('data', (text) => (stderr += text))
  const ended = new Promise<Ended>((resolve) =>
    lab.once('close', (status) => resolve({ status, stderr, seconds: (performance.now() - since) / 1000 })),
  )
  return { lab, ended }
}

/** Waits for the end of a lab. One that hangs is ended, and has no status. */
async function atEnd({ lab, ended }: Begun): Promise<Ended> {
  const stop = new AbortController()
  const late = sleep(HANGS * 1000, null, stop).catch(() => null)
  const end = await Promise.race([ended, late])
  stop.abort()
  if (end) return end
  lab.kill('SIGKILL')
  return { ...(await ended), stderr: `hung for ${HANGS} s` }
}

/** What an undisturbed run takes, and how long the longest stream of its events is. */
interface Measure {
  seconds: number
  streamBytes: number
}

/** @param env of the run; without a cache of its own it puts into that of the lab what the others are given */
async function undisturbed(kernel: string, out: string, env: Record<string, string>): Promise<Measure> {
  rmSync(out, { recursive: true, force: true })
  const { status, stderr, seconds } = await atEnd(begin([...asked(kernel, CASES), '--out', out], env))
  // A busy machine makes verdicts inconclusive, and its numbers must hold all the same.
  if (status !== EXIT.expected && status !== EXIT.contradicts)
    throw new Refusal(`an undisturbed run of ${kernel} ended with status ${status}: ${stderr}`, EXIT.failed)
  const streams = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('events.jsonl'),
  )
  return { seconds, streamBytes: Math.max(...streams.map((name) => statSync(join(out, name)).size)) }
}

/**
 * Does one fault to a whole run, then goes on with it as a user would (`--resume`), and looks at both.
 *
 * @param share of the undisturbed run's length at which it is done, 0 to 1
 * @param cases that it has, all of them
 * @returns null where the run had ended by then
 */
export async function injected(
  fault: Fault,
  kernel: string,
  share: number,
  { seconds, streamBytes }: Measure,
  folder: string,
  cases = CASES,
): Promise<Injected | null> {
  const cache = linkedCache(join(folder, 'cache'))
  const out = join(folder, 'runs', 'run')
  rmSync(join(folder, 'runs'), { recursive: true, force: true })
  mkdirSync(join(folder, 'runs'))
  const before = look()
  const disk = fault.ownDisk ? await SmallDisk.mounted(join(folder, 'runs'), DISK_MEGABYTES) : null
  const env = { XDG_CACHE_HOME: cache }
  const begun = begin(
    [...asked(kernel, cases), '--out', out],
    { ...env, ...fault.laidIn?.(folder, share, streamBytes) },
    disk?.enter,
  )
  const victim: Victim = { lab: begun.lab, cache, disk, out }
  const at = share * seconds
  if (fault.inflict) {
    const ended = await Promise.race([sleep(at * 1000), begun.ended])
    if (ended) {
      disk?.end(out, out)
      return null
    }
    await fault.inflict(victim)
  }
  const first = await atEnd(begun)
  disk?.end(out, out)
  const under = await judge(out, cases.length, first, fault.name === 'lab-killed')
  // What is left of a fault may lie there until the next command.
  const next = existsSync(join(out, 'plan.json')) ? ['--resume', out] : [...asked(kernel, cases), '--out', `${out}-2`]
  const second = await atEnd(begin(next, env))
  const after = await judge(next[0] === '--resume' ? out : `${out}-2`, cases.length, second)
  return {
    fault: fault.name,
    kernel,
    at,
    status: first.status,
    next: second.status,
    wrong: [...under.wrong, ...after.wrong],
    rude: [...under.rude, ...after.rude],
    left: [...leftSince(before), ...scratchIn(cache), ...halfWritten(out)],
    said: first.stderr,
  }
}

/**
 * Does each fault to whole runs at random times.
 *
 * @param size less than the whole only to see that it works
 * @returns Markdown
 */
export async function faults(signal: AbortSignal, size = WHOLE): Promise<{ text: string; status: number }> {
  if (process.getuid?.() !== 0)
    throw new Refusal(
      'a disk of its own is mounted, which only root can do',
      EXIT.notReady,
      'sudo npm run bench -- faults',
    )
  return scratch('bench', async (folder) => {
    const next = random(size.seed)
    const done: Injected[] = []
    for (const kernel of KERNELS.filter((one) => size.faults.some(({ on }) => on.includes(one)))) {
      const out = join(folder, 'undisturbed')
      await undisturbed(kernel, out, {})
      const measure = await undisturbed(kernel, out, { XDG_CACHE_HOME: linkedCache(join(folder, 'cache')) })
      for (const fault of size.faults.filter(({ on }) => on.includes(kernel))) {
        // One that is done on one kernel alone is done as often as the others in all.
        const wanted = done.length + (size.times * KERNELS.length) / fault.on.length
        while (done.length < wanted) {
          signal.throwIfAborted()
          const one = await injected(fault, kernel, next(), measure, folder)
          if (!one) continue
          process.stderr.write(`${JSON.stringify(one)}\n`)
          done.push(one)
        }
      }
    }
    const broken = done.some(({ wrong, rude, left }) => wrong.length + rude.length + left.length > 0)
    return { text: tableOf(done, FAULTS, size.seed), status: broken ? EXIT.contradicts : EXIT.expected }
  })
}
