import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT } from '../model/fault.ts'
import { alive, descendantsOf, leftovers, newRun, until } from './harness.ts'

// A shell in a guest, as somebody has it who types, and as a script has it. End to end.

const shells = suite('shells')

const LAB = `${process.execPath} --import tsx lab/shell.ts`

interface Shell {
  child: ChildProcess
  said: { stdout: string; stderr: string }
  /** What came on stdout, byte by byte. */
  bytes: Buffer[]
  status: Promise<number | null>
}

/** Those of the test that runs: one that fails leaves none of them behind. */
const started: Pick<Shell, 'child' | 'status'>[] = []
shells.after.each(async () => {
  for (const { child, status } of started.splice(0)) {
    child.kill('SIGTERM')
    await status
  }
})

function start(command: string): Shell {
  const [program, ...args] = command.split(' ')
  return follow(spawn(program!, args, { stdio: ['pipe', 'pipe', 'pipe'] }))
}

/** The same on a terminal, which script(1) makes. What is written to it is typed, and both streams appear on it. */
const onTerminal = (command: string): Shell =>
  follow(spawn('script', ['-q', '-e', '-c', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'pipe'] }))

function follow(child: ChildProcess): Shell {
  const said = { stdout: '', stderr: '' }
  const bytes: Buffer[] = []
  child.stdout!.on('data', (data) => {
    bytes.push(data)
    said.stdout += data
  })
  // One that ends early reads no more.
  child.stdin!.on('error', () => {})
  child.stderr!.on('data', (text) => (said.stderr += text))
  const status = new Promise<number | null>((resolve) => child.on('close', resolve))
  started.push({ child, status })
  return { child, said, bytes, status }
}

/** @throws Error when a shell does not end within a minute */
function inTime<T>(ended: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the shell did not end within a minute')), 60_000)
  })
  return Promise.race([ended, late]).finally(() => clearTimeout(timer))
}

/** Runs commands to their end. */
async function ran(args: string, commands: string) {
  const shell = start(`${LAB} ${args}`)
  shell.child.stdin!.end(commands)
  const status = await inTime(shell.status)
  return { ...shell.said, bytes: Buffer.concat(shell.bytes), status }
}

/** Waits until a terminal shows something. */
const shows = ({ said }: Shell, text: string | RegExp) =>
  until(`the terminal shows ${text}`, () =>
    typeof text === 'string' ? said.stdout.includes(text) : text.test(said.stdout),
  )

/** A reload under load, as the greeting, the help and lab/README.md have it. */
const UNDER_LOAD = 'load & sleep 2; reload; wait'

/** Every byte, and far more than may be under way at once. */
const LONG = 3000
const COMMANDS = `
echo before $(cat $PIDFILE)
reload
echo after $(cat $PIDFILE)
ss -tlnp
${UNDER_LOAD}; grep '"e":"phases"' /run/load.jsonl
[ -t 0 ] || echo no terminal; echo to stderr >&2
tr a b <<'END' | tail -c 8
${'a'.repeat(79)}
${`${'a'.repeat(79)}\n`.repeat(LONG)}aaaa
END
echo bytes
i=0; while [ $i -lt 256 ]; do printf "\\\\$(printf %o $i)"; i=$((i + 1)); done >/tmp/bytes
i=0; while [ $i -lt 300 ]; do cat /tmp/bytes; i=$((i + 1)); done
all=$(printf %60000d 7)
printf %s "$all"; exit 7
`
const ALL_BYTES = Buffer.concat([
  ...Array.from({ length: 300 }, () => Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))),
  Buffer.from('7'.padStart(60_000)),
])
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

for (const kernel of ['host', '6.1'])
  shells(`commands on standard input, on ${kernel}: what they print, and the status of the last one`, async () => {
    const { stdout, stderr, bytes, status } = await ran(`--kernel ${kernel} --users 20`, COMMANDS)
    assert.is(status, 7, stderr)
    assert.match(stderr, /^to stderr$/m)
    const lines = stdout.split('\n')
    const [, before] = /^before (\d+)$/.exec(lines[0]!) ?? []
    const reloaded = JSON.parse(lines[1]!)
    const [, after] = /^after (\d+)$/.exec(lines[2]!) ?? []
    assert.equal([reloaded.e, reloaded.old, reloaded.new], ['reload', Number(before), Number(after)])
    assert.is.not(before, after, 'another process serves')
    assert.match(lines[4]!, new RegExp(`^LISTEN .* 127.0.0.1:8080 .*pid=${after},`))
    const [beside, account, phases] = lines.slice(5, 8).map((line) => JSON.parse(line))
    assert.equal([beside.e, account.e, phases.e], ['reload', 'load', 'phases'])
    assert.ok(account.ok > 0)
    const [from, to] = [phases.reloadsFromUs, account.lastUs]
    assert.ok(from < beside.start && beside.start < to, 'the reload was made beside the load, after its quiet second')
    const { resetBefore, resetAfter, refused, timeout, short, other } = account
    assert.is(
      resetBefore + resetAfter + refused + timeout + short + other,
      account.lost,
      'those that the greeting names',
    )
    assert.equal(lines.slice(8, 12), ['no terminal', 'bb', 'bbbb', 'bytes'])
    const marked = Buffer.from('\nbytes\n')
    assert.is(sha256(bytes.subarray(bytes.indexOf(marked) + marked.length)), sha256(ALL_BYTES))
  })

shells('a guest that dies: exit status 4, and the end of its console', async () => {
  const shell = start(`${LAB} --kernel 6.1`)
  shell.child.stdin!.write('echo alive\n')
  // What a guest has not sent by then dies with it.
  await shows(shell, 'alive\n')
  shell.child.stdin!.end('echo c >/proc/sysrq-trigger; echo never\n')
  assert.is(await inTime(shell.status), EXIT.failed)
  const { stdout, stderr } = shell.said
  assert.is(stdout, 'alive\n')
  assert.match(stderr, /^hitless: the guest .*after event \d+/m)
  assert.match(stderr, /^hitless: its console ended with:$/m)
  assert.match(stderr, /^hitless: {3}.*Kernel panic - not syncing: sysrq triggered crash/m)
})

const commandOf = (pid: number) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}
const isLab = (pid: number) => commandOf(pid)[0] === process.execPath && commandOf(pid).includes('lab/shell.ts')
const isGuest = (pid: number) => /qemu-system|unshare|init$/.test(commandOf(pid)[0] ?? '')

shells('on a terminal: the guest has one of the same size, Ctrl-C is its own, and exit 3 is the status', async () => {
  const shell = onTerminal(
    `stty rows 33 cols 101; stty -g; ${LAB} --kernel 6.1 --case fd-passing; s=$?; stty -g; exit $s`,
  )
  const type = (text: string) => shell.child.stdin!.write(text)
  await shows(shell, '6.1 fd-passing # ')
  assert.match(shell.said.stdout, /reload +one reload, with the case's commands around it/)
  assert.match(shell.said.stdout, UNDER_LOAD)
  type('echo size $(stty size); readlink /proc/self/fd/0\r')
  await shows(shell, 'size 33 101\r\n/dev/pts/0\r\n')
  type('echo "it" sleeps; sleep 1000; echo "it" woke\r')
  await shows(shell, '\nit sleeps\r\n')
  type('\x03')
  await shows(shell, /\^C\r?\n.*fd-passing # $/s)
  assert.not.match(shell.said.stdout, /\nit woke/)
  type('reload | grep -o \'"kept":1\'; exit 3\r')
  assert.is(await inTime(shell.status), 3)
  const { stdout } = shell.said
  assert.match(stdout, /\n"kept":1\r\n/)
  const [first, last] = [stdout.split('\r\n')[0], stdout.trimEnd().split('\r\n').at(-1)]
  assert.match(first!, /^[\da-f:]+$/)
  assert.is(last, first, 'the terminal is as it was')
})

for (const kernel of ['host', '6.1'])
  shells(`SIGTERM, on ${kernel}: the guest is gone, the terminal as it was, nothing is left`, async () => {
    const shell = onTerminal(`stty -g; ${LAB} --kernel ${kernel}; s=$?; stty -g; exit $s`)
    await shows(shell, ' none # ')
    const all = descendantsOf(shell.child)
    const lab = all.find(isLab)!
    assert.ok(all.some(isGuest), 'a guest runs')
    process.kill(lab, 'SIGTERM')
    assert.is(await inTime(shell.status), EXIT.interrupted)
    await until('all of them are gone', () => !all.some(alive))
    assert.equal(leftovers(), [])
    const lines = shell.said.stdout.trimEnd().split('\r\n')
    assert.is(lines.at(-1), lines[0])
  })

/** Runs the `enter` of a root to its end. */
function entered(root: string, commands: string) {
  const { status, stdout, stderr } = spawnSync(join(root, 'enter'), { input: commands, encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** Without a user namespace only root may make the others. */
const asRoot = spawnSync('unshare', ['-n', '-m', '-p', '-i', '-u', '-f', 'true']).status === 0 ? shells : shells.skip

asRoot('a root in a folder: its shell reloads under load, and what was mounted is gone', async () => {
  const root = join(newRun(), 'root')
  const { status, stdout, stderr } = await ran(`--root ${root} --case fd-passing --users 20`, '')
  assert.is(status, 0, stderr)
  assert.match(stdout, `sudo ${root}/enter\n`)
  const shell = entered(root, `${UNDER_LOAD}; [ -t 0 ] || echo no terminal; readlink /proc/1/root; exit 7`)
  assert.is(shell.status, 7, shell.stderr)
  const [reload, load, ...rest] = shell.stdout.trim().split('\n')
  assert.equal([JSON.parse(reload!).listeners, JSON.parse(load!).e], [{ was: 1, is: 1, kept: 1 }, 'load'])
  assert.equal(rest, ['no terminal', '/'])
  assert.not.match(readFileSync('/proc/mounts', 'utf8'), root)
  assert.equal(leftovers(), [])
})

asRoot('a root whose proxy does not start says why, and opens no shell', async () => {
  const root = newRun()
  assert.is((await ran(`--root ${root}`, '')).status, 0)
  writeFileSync(join(root, 'cell/start'), 'echo no such proxy >&2; exit 3\n')
  const { status, stdout, stderr } = entered(root, 'echo never')
  assert.equal([status, stdout], [1, ''])
  assert.match(stderr, /^no such proxy$/m)
  assert.match(stderr, 'HAProxy does not start, status 3')
})

shells('a root goes into a folder that is new or empty, and none is left where it cannot be had', async () => {
  const root = newRun()
  mkdirSync(root)
  writeFileSync(join(root, 'mine'), '')
  const taken = await ran(`--root ${root}`, '')
  assert.is(taken.status, EXIT.usage)
  assert.match(taken.stderr, `--root ${root}: expected a folder that is new or empty, and mine is in it`)
  const none = newRun()
  assert.is((await ran(`--root ${none} --kernel 5.10 --case tcp-migrate-req`, '')).status, EXIT.notReady)
  assert.is(existsSync(none), false)
})

shells('a mistake in the command line, and a case that this kernel cannot run', async () => {
  const twice = await ran('--kernel 5.10,6.1 --users 1,2', '')
  assert.is(twice.status, EXIT.usage)
  assert.match(twice.stderr, '--kernel 5.10,6.1: expected one, as one guest is started')
  assert.match(twice.stderr, '--users 1,2: expected one')
  const old = await ran('--kernel 5.10 --case tcp-migrate-req', '')
  assert.is(old.status, EXIT.notReady)
  assert.match(old.stderr, /^hitless: tcp-migrate-req on 5.10\S+: this kernel has no migration/m)
})

shells.run()
