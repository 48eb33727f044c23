import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testSupply } from '../../../images/fixtures/supply.ts'
import { programs } from '../../../images/userland/programs.ts'
import { descendantsNamed } from '../threads.ts'
import { hostCommand } from './host.ts'
import { layOutCell } from './layout.ts'

// A cell whose shell is a program that tries to get out of it (images/fixtures/escape.c), and to take more than it should.

const ESCAPE = join(import.meta.dirname, '../../../images/fixtures/escape.c')
/** An id that no account has. */
const USER = 61_999
const CORE_PATTERN = '/proc/sys/kernel/core_pattern'
const FIN_TIMEOUT = '/proc/sys/net/ipv4/tcp_fin_timeout'
const read = (path: string) => readFileSync(path, 'utf8')

/** What the program says, by the name of each attempt. */
const EXPECTED = {
  victim: 'No such file or directory',
  'victim by ..': 'No such file or directory',
  'victim by chroot': 'Operation not permitted',
  'victim by a user namespace': 'No space left on device',
  'victim by unmounting': 'Operation not permitted',
  core_pattern: 'Permission denied',
  overcommit: 'Permission denied',
  'mount of the sysctls': 'Read-only file system',
  'mount of those of the network': 'done',
  remount: 'Operation not permitted',
  unmount: 'Operation not permitted',
  'another proc': 'Operation not permitted',
  'another tmpfs': 'Operation not permitted',
  'mount namespace': 'No space left on device',
  'network namespace': 'done',
  'a sysctl of the network': 'done',
  "write the cell's files": 'done',
  'write the root': 'Read-only file system',
  'write /run': 'done',
  'a disk': 'Operation not permitted',
  // CAP_NET_BIND_SERVICE, CAP_NET_ADMIN, CAP_NET_RAW, CAP_SYS_ADMIN
  CapEff: '0000000000203400',
  CapBnd: '0000000000203400',
  NoNewPrivs: '1',
  memory: 'Out of memory',
  'a big file': 'File too large',
}

interface Cell {
  root: string
  victim: string
  child: ReturnType<typeof spawn>
  said: () => string
  gone: Promise<unknown>
}

/** Lays a cell out and starts it. @param uid who does; null: who runs the tests */
async function start(dir: string, uid: number | null): Promise<Cell> {
  const { dir: lab } = await programs(testSupply())
  mkdirSync(join(dir, 'userland/bin'), { recursive: true })
  execFileSync('musl-gcc', ['-static', '-Wall', '-Wextra', '-Werror', '-o', join(dir, 'userland/bin/sh'), ESCAPE])
  const victim = join(dir, 'victim')
  writeFileSync(victim, 'secret', { mode: 0o600 })
  const root = join(dir, 'rootfs')
  await layOutCell({ root: { userland: join(dir, 'userland'), programs: lab }, proxy: null, files: { victim } }, root)
  const [command, ...args] = hostCommand(lab, root, 3)
  const as = uid === null ? [] : [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups']
  if (uid === null) chmodSync(dir, 0o700)
  else execFileSync('chown', ['-R', `${uid}:${uid}`, dir])
  const child = spawn(command!, [...as, ...args], { stdio: ['ignore', 'inherit', 'pipe', 'pipe'], detached: true })
  let said = ''
  child.stderr!.on('data', (text) => (said += text))
  ;(child.stdio[3] as Duplex).resume()
  return { root, victim, child, said: () => said, gone: once(child, 'close') }
}

/** Whether a process is that of a cell still: its number may be another's by now. */
const isThere = (pid: number) => existsSync(`/proc/${pid}`) && read(`/proc/${pid}/cmdline`).startsWith('sh\0/run.sh')

/** @throws Error when something does not come about within 20 s */
async function until(isSo: () => boolean, what: string) {
  for (let tries = 0; !isSo(); tries++) {
    if (tries === 2000) throw new Error(`not within 20 s: ${what}`)
    await new Promise((done) => setTimeout(done, 10))
  }
}

async function inCell(uid: number | null, use: (cell: Cell, pid: number) => Promise<void>) {
  const dir = mkdtempSync(join(tmpdir(), 'hitless-test-'))
  let cell: Cell | undefined
  let pids: number[] = []
  try {
    cell = await start(dir, uid)
    pids = await inside(cell)
    await use(cell, pids[0]!)
  } finally {
    // One that has lost a wall may not end by SIGTERM.
    cell?.child.kill('SIGKILL')
    for (const pid of pids) if (isThere(pid)) process.kill(pid, 'SIGKILL')
    await cell?.gone
    rmSync(dir, { recursive: true })
  }
}

/** The programs of the cell, once they run. */
async function inside({ child, said }: Cell): Promise<number[]> {
  const found = () => descendantsNamed(child.pid!, 'sh')
  await until(() => found().length > 0 || child.exitCode !== null, 'the cell runs')
  assert.is(child.exitCode, null, said())
  return found()
}

/** Root's cell, and that of an ordinary user. */
const STARTERS: [who: string, uid: number | null][] =
  process.getuid?.() === 0
    ? [
        ['root', null],
        ['an ordinary user', USER],
      ]
    : [['who runs the tests', null]]

for (const [who, uid] of STARTERS)
  test(`the walls of a cell that ${who} starts`, () =>
    inCell(uid, async (cell, pid) => {
      const before = [CORE_PATTERN, FIN_TIMEOUT].map(read)
      const [, outside] = /^Uid:\t(\d+)/m.exec(read(`/proc/${pid}/status`))!
      const expected = uid ?? process.getuid!()
      if (expected === 0) assert.ok(Number(outside) >= 1_900_000_000, outside)
      else assert.is(Number(outside), expected)
      writeFileSync(join(cell.root, 'go'), '')
      await cell.gone
      const outcomes = Object.fromEntries(
        cell
          .said()
          .trim()
          .split('\n')
          .map((line) => line.split(/:\s+/)),
      )
      const { processes, ...others } = outcomes
      assert.equal(others, EXPECTED)
      assert.ok(Number(processes) > 100 && Number(processes) <= 512, processes)
      assert.equal([CORE_PATTERN, FIN_TIMEOUT].map(read), before)
      assert.is(read(cell.victim), 'secret')
      assert.not(existsSync(join(cell.root, 'cell/new')), 'the files of the cell are copies')
    }))

for (const signal of ['SIGTERM', 'SIGKILL'] as const)
  test(`${signal} to who watches a cell ends all that is in it`, () =>
    inCell(null, async ({ child }, pid) => {
      child.kill(signal)
      await until(() => !isThere(pid), 'the end of the cell')
    }))

test.run()
