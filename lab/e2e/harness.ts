import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { scratchRoot } from '../../images/cache/scratch.ts'
import { isMeasured, type MeasuredCell, Result } from '../model/result.ts'

// What the end-to-end tests share: the lab run as a user runs it, and what must hold of every result.

export const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
let runs = 0

export interface Ran {
  status: number | null
  stdout: string
  stderr: string
  out: string
  result: () => Result
}

/** The arguments of a run, with one load and one boot a cell where they do not say: what most tests need, and quick. */
export function quick(args: string[]): string[] {
  if (!args.includes('--kernel') || args.includes('--resume')) return args
  const loaded = args.includes('--users') || args.includes('--rate')
  return [...args, ...(loaded ? [] : ['--users', '20']), ...(args.includes('--boots') ? [] : ['--boots', '1'])]
}

/** Runs lab/run.ts as a user does, with {@link quick}; `meddle` may spoil it on its way. */
export async function lab(
  args: string[],
  {
    meddle,
    wrap = [] as string[],
  }: { meddle?: (child: ChildProcess, out: string) => Promise<void>; wrap?: string[] } = {},
): Promise<Ran> {
  const out = join(scratch, String(++runs))
  const node = [process.execPath, '--import', 'tsx', 'lab/run.ts', ...quick(args)]
  const command = [...wrap, ...node, ...(args.includes('--out') ? [] : ['--out', out])]
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.on('data', (text) => (stderr += text))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  await meddle?.(child, out)
  const status = await ended
  const result = () => v.parse(Result, JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')))
  return { status, stdout, stderr, out, result }
}

export const fixture = (name: string) => ['--case', `lab/e2e/cases/${name}.ts`]

/** Process ids of guests that belong to a run: its lab is their parent. */
export function guestsOf({ pid }: ChildProcess): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('qemu-system'))
}

/** Waits until a run's first cell has told an event. */
export async function told(event: string, out: string) {
  for (let i = 0; i < 1200; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    const cells = existsSync(out)
      ? readdirSync(out, { withFileTypes: true }).filter((entry) => entry.isDirectory())
      : []
    const files = cells.map(({ name }) => join(out, name, 'boot-1/events.jsonl')).filter(existsSync)
    if (files.some((file) => readFileSync(file, 'utf8').includes(`"e":"${event}"`))) return
  }
  throw new Error(`no event "${event}" within a minute`)
}

export const alive = (pid: number) => existsSync(`/proc/${pid}`)
/** Folders that labs have left which are gone: their names begin with the process id. */
export const leftovers = () => readdirSync(scratchRoot()).filter((name) => !alive(Number.parseInt(name, 10)))
export const measured = (result: Result, name: string) =>
  result.cells.filter(isMeasured).find((cell) => cell.case === name)!

/** What must hold of every cell that measured something. */
export function accountHolds(cell: MeasuredCell) {
  const parts = cell.ok + cell.resets + cell.refused + cell.timeouts + cell.short + cell.other
  assert.is(parts, cell.connections, 'the strict account sums up')
  assert.is(cell.resetsBeforeRequest + cell.resetsAfterRequest, cell.resets)
  assert.is(cell.wire.resets, cell.resets, 'generator and wire agree')
  assert.is(cell.wire.refusals, cell.refused)
  assert.is(cell.wire.fromServer + cell.wire.fromClient, cell.wire.outRsts, 'wire and kernel agree')
  assert.is(cell.kernelResets, cell.resets)
  assert.is(cell.resetsByReload.length, cell.reloads)
  assert.is(
    cell.resetsByReload.reduce((a, b) => a + b, 0),
    cell.resets,
  )
  assert.is(cell.resetsBeforeReloads, 0)
}
