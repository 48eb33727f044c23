import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { buildPart } from '../debian/build.ts'
import { testSupply } from '../fixtures/supply.ts'
import { describeElf } from '../proxies/elf.ts'
import { haproxy } from '../proxies/haproxy.ts'
import { obtainProxy } from '../proxies/obtain.ts'
import { ab } from './ab.ts'

// What the article's last experiment needs (section 8): HAProxy with TLS, and ab. Both are built for good where the cache
// lacks them. And what ab's numbers mean, which its source says nowhere: how often it counts one reset.

interface Context {
  dir: string
  ab: string
  haproxy: string
}
type Four = [string, string, string, string]

const test = suite<Context>('ab')
const run = $({ quiet: true, nothrow: true })

test.before(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'ab-'))
  process.on('exit', () => rmSync(context.dir, { recursive: true, force: true }))
  context.ab = join(await buildPart(ab, testSupply()), 'sbin/ab')
  context.haproxy = (await obtainProxy({ proxy: haproxy, which: '2.6' }, testSupply(), { tls: true })).path
})

/** What ab prints of so many requests, one at a time: [complete, failed, connect, receive, length, exceptions]. */
async function counts(program: string, uri: string): Promise<number[]> {
  const { stdout, stderr } = await run`${program} -q -r -c 1 -n 100 ${uri}`
  const wanted = [
    /Complete requests: +(\d+)/,
    /Failed requests: +(\d+)/,
    /Connect: (\d+), Receive: (\d+), Length: (\d+), Exceptions: (\d+)/,
  ]
  const found = wanted.flatMap((pattern) => pattern.exec(stdout)?.slice(1).map(Number) ?? [])
  assert.ok(found.length > 1, `${stdout}${stderr}`)
  return found
}

/** Runs `use` with a server on the loopback that resets some connections, counted from 1, once they sent something. */
async function whereSomeAreReset(
  isReset: (connection: number) => boolean,
  answer: (socket: Socket) => void,
  use: (port: number) => Promise<void>,
) {
  let connections = 0
  const server: Server = createServer((socket) => {
    const reset = isReset(++connections)
    socket.on('error', () => {})
    socket.once('data', () => (reset ? socket.resetAndDestroy() : answer(socket)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await use((server.address() as AddressInfo).port)
  } finally {
    server.close()
  }
}

test('both are static programs', (context) => {
  for (const program of [context.ab, context.haproxy])
    assert.equal(describeElf(readFileSync(program)), { dynamic: false })
})

const hello = (socket: Socket) => socket.end('HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello')

test('over HTTP ab counts one reset three times: as a failed read, a wrong length, and an exception', (context) =>
  whereSomeAreReset(
    (connection) => connection % 10 === 5,
    hello,
    async (port) => assert.equal(await counts(context.ab, `http://127.0.0.1:${port}/`), [100, 30, 0, 10, 10, 10]),
  ))

test('one reset right after the first answer: ab takes its length, none, for the right one, and all others fail', (context) =>
  whereSomeAreReset(
    (connection) => connection === 2,
    hello,
    async (port) => assert.equal(await counts(context.ab, `http://127.0.0.1:${port}/`), [100, 100, 0, 1, 98, 1]),
  ))

/**
 * What ab prints of 500 requests over HTTPS to HAProxy in namespaces of their own, and how many RSTs the kernel sent,
 * while a command reloads HAProxy three times.
 */
async function overHttps({ dir, ab, haproxy: program }: Context, reload = ''): Promise<string> {
  const [pem, cfg, pidfile, socket] = ['pem', haproxy.file, 'pid', 'sock'].map((file) => join(dir, file)) as Four
  await run`openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout ${pem} -out ${pem}.crt`
  writeFileSync(pem, `${readFileSync(`${pem}.crt`)}${readFileSync(pem)}`)
  const talk = { address: '127.0.0.1', exchange: 'request', backend: '' } as const
  const setting = { ...talk, version: '2.6', port: 8080, pidfile, socket, connections: 100, maxaccept: 4 }
  writeFileSync(cfg, haproxy.config({ ...setting, extra: { bind: [`ssl crt ${pem}`] } }))
  const script = `
    ip link set lo up
    $START
    "$AB" -q -r -c 10 -n 500 https://127.0.0.1:8080/ &
    for reload in 1 2 3; do sleep 0.1; eval "$RELOAD"; done
    wait $!
    awk '/^Tcp:/ { sent = $15 } END { print "OutRsts:", sent }' /proc/net/snmp`
  const start = `${program} -D -f ${cfg} -p ${pidfile}`
  const env = { ...process.env, AB: ab, START: start, RELOAD: reload && `${start} ${reload}` }
  // All of them end with the first process of their namespace.
  const { stdout, stderr } = await run({
    env,
  })`unshare --user --map-root-user --net --pid --fork --mount-proc sh -ec ${script}`
  assert.match(stdout, /Complete requests: +500\n/, stderr)
  return stdout
}

const failed = (stdout: string) => Number(/Failed requests: +(\d+)/.exec(stdout)![1])

test('over HTTPS none fails without reloads, yet each connection draws a RST behind the FIN: it loses nothing', async (context) => {
  const said = await overHttps(context)
  assert.is(failed(said), 0)
  assert.match(said, /SSL\/TLS Protocol: +TLSv1\.3/)
  const rsts = Number(/OutRsts: (\d+)/.exec(said)?.[1])
  assert.ok(rsts > 400, `${rsts} RSTs`)
})

test("over HTTPS the article's reload with socket transfer fails none", async (context) => {
  const { dir } = context
  assert.is(failed(await overHttps(context, `-x ${join(dir, 'sock')} -sf $(cat ${join(dir, 'pid')})`)), 0)
})

test.run()
