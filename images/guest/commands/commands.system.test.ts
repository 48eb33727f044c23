import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { compile } from '../../fixtures/compile.ts'

// What these do to a real HAProxy, the cases show that use them.
const test = suite<{ dir: string }>('commands')
const COMMANDS = ['counter', 'route', 'steer', 'tamper']

test.before(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'commands-'))
  for (const name of COMMANDS) await compile(join(context.dir, name), join(import.meta.dirname, `${name}.c`))
})

test.after(({ dir }) => rm(dir, { recursive: true, force: true }))

const run = (dir: string, name: string, ...args: string[]) =>
  $({ quiet: true, nothrow: true })`${join(dir, name)} ${args}`

test('counter prints what the kernel counts, by the name that nstat has for it', async ({ dir }) => {
  const opens = async () => Number((await run(dir, 'counter', 'TcpActiveOpens')).stdout)
  const before = await opens()
  const server = createServer((socket) => socket.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => connect(port, '127.0.0.1').resume().on('close', resolve))
  server.close()
  assert.ok((await opens()) > before)
  assert.match((await run(dir, 'counter', 'TcpExtListenDrops')).stdout, /^\d+\n$/)
  for (const name of ['TcpExtActiveOpens', 'ListenDrops', 'TcpNone']) {
    const { exitCode, stderr } = await run(dir, 'counter', name)
    assert.is(exitCode, 1, name)
    assert.match(stderr, `this kernel has no ${name}`)
  }
})

test('what is no stats socket of HAProxy is said so', async ({ dir }) => {
  for (const args of [
    ['route', '/no/such.sock', '8080'],
    ['steer', '/no/such.sock', '8080', '1'],
    ['tamper', '/no/such.sock', '8080', 'reject'],
  ]) {
    const [name, ...rest] = args as [string, ...string[]]
    const { exitCode, stderr } = await run(dir, name, ...rest)
    assert.is(exitCode, 1)
    assert.is(stderr, `${name}: /no/such.sock: No such file or directory\n`)
  }
})

test('a wrong use is refused before anything is done', async ({ dir }) => {
  for (const args of [
    ['route'],
    ['steer', 'a', 'b'],
    ['tamper', 'a', 'b', 'backlog'],
    ['tamper', 'a', 'b', 'reject', 'c'],
  ]) {
    const [name, ...rest] = args as [string, ...string[]]
    const { exitCode, stderr } = await run(dir, name, ...rest)
    assert.is(exitCode, 2, args.join(' '))
    assert.match(stderr, `usage: ${name}`)
  }
})

test("the kernel's verifier takes the program that routes, where bpf(2) is allowed", async ({ dir }) => {
  const { exitCode, stdout, stderr } = await run(dir, 'route', '--check')
  if (/makes no map: (Operation not permitted|Function not implemented)/.test(stderr)) return
  assert.is(exitCode, 0, stderr)
  assert.is(stdout, 'a program selects from a map of listeners\n')
})

test.run()
