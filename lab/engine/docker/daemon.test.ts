import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT, type Fault } from '../../model/fault.ts'
import { diskFault, isGone, reachDaemon } from './daemon.ts'

// What is said of daemons that cannot be used. Real ones have a test of their own: lab/e2e/docker.system.test.ts.

const folder = mkdtempSync(join(tmpdir(), 'hitless-daemon-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const GOOD = { ApiVersion: '1.41', Version: '20.10.24', Os: 'linux', Arch: 'amd64' }

/** Uses a server at a socket that answers as a daemon does. */
async function served<T>(socket: string, version: object, networks: string[], use: () => Promise<T>): Promise<T> {
  const server = createServer(({ url }, response) => {
    const answers: Record<string, unknown> = { '/version': version, '/networks': networks.map((Name) => ({ Name })) }
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answers[url!.replace(/\?.*$/, '')]))
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  try {
    return await use()
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

let count = 0
const reached = (version: object, networks = ['bridge', 'host', 'none']) => {
  const socket = join(folder, `${++count}.sock`)
  return served(socket, version, networks, () => reachDaemon({}, socket))
}

async function refused(attempt: Promise<unknown>, said: string | RegExp, hint?: RegExp) {
  try {
    await attempt
    assert.unreachable()
  } catch (error) {
    const { message, exit, hint: next } = error as Fault
    assert.match(message, said)
    assert.is(exit, EXIT.notReady)
    if (hint) assert.match(next!, hint)
  }
}

test('a daemon of 20.10 or later will do, and what it has is known', async () => {
  const daemon = await reached(GOOD)
  assert.equal([daemon.version, daemon.local, daemon.bridged], ['20.10.24', true, true])
  assert.is((await reached({ ...GOOD, ApiVersion: '1.9999' })).version, '20.10.24')
  assert.is((await reached({ ...GOOD, ApiVersion: '2.0' }, ['host', 'none'])).bridged, false)
})

test('one that is too old, or of another machine, is refused', async () => {
  const old = { ...GOOD, ApiVersion: '1.9', Version: '1.3.0' }
  await refused(
    reached(old),
    'is too old: it is 1.3.0 and speaks version 1.9 of the API; expected 1.41',
    /install Docker/,
  )
  await refused(reached({ ...GOOD, ApiVersion: '1.40' }), 'is too old')
  await refused(reached({ ...GOOD, Arch: 'arm64' }), 'runs containers of linux/arm64; expected linux/amd64')
})

test('it is used from Linux on x86-64 only, even where it answers', async () => {
  const socket = join(folder, 'from.sock')
  const from = (platform: NodeJS.Platform, arch: NodeJS.Architecture) => reachDaemon({}, socket, { platform, arch })
  await served(socket, GOOD, [], async () => {
    await refused(from('darwin', 'arm64'), /^this machine is darwin\/arm64; expected linux\/x64/, /^a virtual machine/)
    await refused(from('win32', 'x64'), /^this machine is win32\/x64/, /^wsl --install -d Debian/)
    await refused(from('linux', 'arm64'), /^this machine is linux\/arm64/)
    assert.is((await from('linux', 'x64')).version, '20.10.24')
  })
})

test('no daemon at a socket', () =>
  refused(
    reachDaemon({}, join(folder, 'none.sock')),
    /^no Docker daemon answers at unix:.*none\.sock: connect ENOENT/,
    /systemctl start docker/,
  ))

test('what DOCKER_HOST and the certificates must be', async () => {
  await refused(reachDaemon({ DOCKER_HOST: 'box:2376' }), 'DOCKER_HOST=box:2376: names no daemon; expected unix:///')
  const secure = { DOCKER_HOST: 'tcp://127.0.0.1:9', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder }
  await refused(reachDaemon(secure), `${folder}/ca.pem cannot be read: ENOENT`, /^DOCKER_CERT_PATH=/)
})

test("a rootless daemon of the user's is taken where there is no other", () =>
  served(join(folder, 'docker.sock'), GOOD, [], async () => {
    const environment = { XDG_RUNTIME_DIR: folder }
    const { where } = await reachDaemon(environment, join(folder, 'none.sock'))
    assert.is(where, `unix://${folder}/docker.sock`)
    const other = join(folder, 'other.sock')
    await served(other, GOOD, [], async () => {
      assert.is((await reachDaemon(environment, other)).where, `unix://${other}`)
    })
  }))

test('a full disk and a daemon that is gone are told from other errors', () => {
  const daemon = { where: 'unix:///x.sock' }
  const full = diskFault(new Error('write /var/lib/docker/x: no space left on device'), daemon) as Fault
  assert.equal([full.exit, full.hint], [EXIT.notReady, 'docker system df, and then docker system prune'])
  const other = new Error('no such image')
  assert.is(diskFault(other, daemon), other)
  assert.ok(isGone(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })))
  assert.ok(isGone(new Error('socket hang up')))
  assert.not(isGone(other))
})

test.run()
