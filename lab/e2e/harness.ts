import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as assert from 'uvu/assert'
import { scratchRoot } from '../../images/cache/scratch.ts'
import { allowedCpus } from '../guest/threads.ts'
import { disagreements } from '../measure/numbers/account/reconcile.ts'
import { isMeasured, type MeasuredCell, type Result } from '../model/result.ts'
import { resultIn } from '../saved/reference.ts'

// What the end-to-end tests share: the lab run as a user runs it, and what must hold for every result.

export const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
let runs = 0
/** A folder for a run; it does not exist yet. */
export const newRun = () => join(scratch, String(++runs))

interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

export interface Ran extends Ended {
  out: string
  result: () => Result
}

/**
 * The arguments of a run, reduced to one load and one boot a cell unless they say otherwise: enough for most tests. An
 * experiment has loads of its own.
 */
export function quick(args: string[]): string[] {
  if (!args.includes('--kernel') || args.includes('--resume')) return args
  const loaded = ['--users', '--rate', '--experiment'].some((flag) => args.includes(flag))
  return [...args, ...(loaded ? [] : ['--users', '20']), ...(args.includes('--boots') ? [] : ['--boots', '1'])]
}

/**
 * Starts lab/run.ts as a user does, with {@link quick} arguments.
 *
 * @param wrap a command that runs it, such as `env` with variables
 */
export function start(args: string[], wrap: string[] = []) {
  const command = [...wrap, process.execPath, '--import', 'tsx', 'lab/run.ts', ...quick(args)]
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (said.stdout += text))
  child.stderr.on('data', (text) => (said.stderr += text))
  const ended = new Promise<Ended>((resolve) => child.on('close', (status) => resolve({ ...said, status })))
  return { child, ended }
}

/**
 * Runs lab/run.ts to its end, into a new folder unless the arguments name one.
 *
 * @param meddle may disturb the run on its way
 */
export async function lab(
  args: string[],
  { meddle, wrap }: { meddle?: (child: ChildProcess, out: string) => Promise<void>; wrap?: string[] } = {},
): Promise<Ran> {
  const out = newRun()
  const { child, ended } = start(args.includes('--out') ? args : [...args, '--out', out], wrap)
  await meddle?.(child, out)
  return { ...(await ended), out, result: () => resultIn(out) }
}

/**
 * Runs lab/doctor.ts.
 *
 * @param env variables beside those of this process, or in place of them
 */
export async function doctor(
  env: Record<string, string>,
  ...words: string[]
): Promise<{ status: number; stdout: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'lab/doctor.ts', ...words], {
      env: { ...process.env, ...env },
    })
    return { status: 0, stdout }
  } catch (error) {
    const { code, stdout } = error as unknown as { code: number; stdout: string }
    return { status: code, stdout }
  }
}

/** The arguments for a case of the end-to-end tests. */
export const fixture = (name: string) => ['--case', `lab/e2e/cases/${name}.ts`]

/** Children of a process, whichever of its threads began them; none where it ends meanwhile. */
function childrenOf({ pid }: Pick<ChildProcess, 'pid'>): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    return []
  }
}

/** Everything that a process has started, directly or not. */
export function descendantsOf(parent: Pick<ChildProcess, 'pid'>): number[] {
  const children = childrenOf(parent)
  return [...children, ...children.flatMap((pid) => descendantsOf({ pid }))]
}

const isGuest = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('qemu-system')

/** Process ids of the guests of a run: its lab is their parent. */
export const guestsOf = (lab: ChildProcess): number[] => childrenOf(lab).filter(isGuest)

/** CPUs to which threads of guests are pinned at this moment, among some processes. */
export function pinnedCpus(processes: number[]): string[] {
  try {
    const threads = processes.filter(isGuest).flatMap((pid) => readdirSync(`/proc/${pid}/task`).map(Number))
    return threads.map(allowedCpus).filter((cpus) => /^\d+$/.test(cpus))
  } catch {
    // One ends just now.
    return []
  }
}

/** Whether a process still runs; one that has died and not been waited for does not. */
export function alive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** @throws Error when the condition does not hold within a minute */
export async function until(condition: string, holds: () => boolean) {
  for (let i = 0; i < 1200; i++) {
    if (holds()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`not within a minute: ${condition}`)
}

/** The boots of a run in which a file holds a text, as paths inside the run. */
export const bootsWith = (run: string, file: string, text = '') =>
  (existsSync(run) ? readdirSync(run, { recursive: true, encoding: 'utf8' }) : [])
    .filter((boot) => /^[^/]+\/boot-\d+$/.test(boot))
    .filter((boot) => {
      const path = join(run, boot, file)
      return existsSync(path) && readFileSync(path, 'utf8').includes(text)
    })

/** Waits until a boot of a run has told an event. */
export const told = (event: string, run: string) =>
  until(`an event "${event}"`, () => bootsWith(run, 'events.jsonl', `"e":"${event}"`).length > 0)

/** Scratch folders left by labs that have ended: their names begin with the process id. */
export const leftovers = () => readdirSync(scratchRoot()).filter((name) => !alive(Number.parseInt(name, 10)))

/** The measured cell of a case. */
export const measured = (result: Result, name: string) =>
  result.cells.filter(isMeasured).find((cell) => cell.case === name)!

/**
 * What must hold for every cell that measured something. Not each RST on the wire reset somebody: on a busy machine a
 * segment may come when its connection is over, and draws one (`late`). Whether the counts agree, the lab itself decides.
 */
export function accountHolds(cell: MeasuredCell) {
  const parts = cell.ok + cell.resets + cell.refused + cell.timeouts + cell.short + cell.other
  assert.is(parts, cell.connections, 'the strict account adds up')
  assert.is(cell.resetsBeforeRequest + cell.resetsAfterRequest, cell.resets)
  assert.equal(disagreements(cell), [], 'generator, wire and kernel agree')
  assert.is(cell.kernelResets, cell.resets, 'the kernel counts them, too')
  assert.is(cell.resetsByReload.length, cell.reloads)
  assert.is(
    cell.resetsByReload.reduce((a, b) => a + b, 0),
    cell.resets,
  )
  assert.is(cell.resetsBeforeReloads, 0)
}
