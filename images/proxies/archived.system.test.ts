import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Supply } from '../../lab/model/supply.ts'
import { cacheRoot } from '../cache/cache.ts'
import * as fixture from '../fixtures/archive.ts'
import { lay } from '../fixtures/files.ts'
import { testSupply } from '../fixtures/supply.ts'
import { describeElf } from './elf.ts'
import { obtainProxy } from './obtain.ts'
import { parseProxy } from './proxies.ts'

// HAProxy of releases that have left the mirrors, from an archive made by the test, whose source is compiled for good. It
// stands for one of the time: it builds with the switches that such a one needs, and with no others.

const scratch = mkdtempSync(join(tmpdir(), 'archived-'))
const root = join(scratch, 'archive')
const patience = { retries: 1, retryMs: 1, longestMs: 20, stallMs: 2000, pauseMs: 0 }
const [POINT, SUPPORT] = ['debian/dists/stretch', 'debian-security/dists/stretch/updates']
let server: Awaited<ReturnType<typeof fixture.serve>>
let keys: ReturnType<typeof fixture.makeKeys>
let supply: Supply
let notes: string[] = []
let runs = 0

const upstream = (version: string) => ({
  Makefile: `
haproxy: main.c other.c
	test "$(TARGET)" = linux2628
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ main.c other.c
`,
  // Defined twice, as before GCC 10; a warning; and an overflow that means what it says.
  'main.c': `#include <stdio.h>\n#include <limits.h>\nint shared;\nint past(int a) { return a + 1 < a; }\nint main() { volatile int most = INT_MAX; char *unused = 1;\nif (past(most)) puts("HA-Proxy version ${version} 2017/04/03"); return 0; }\n`,
  'other.c': 'int shared;\n',
})

test.before(async () => {
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
  if (!fixture.MAKEABLE) return
  keys = fixture.makeKeys(join(scratch, 'gnupg'))
  const suite = (dists: string, pool: string, version: string) => {
    const tree = join(root, dists.split('/')[0]!)
    mkdirSync(join(tree, pool), { recursive: true })
    const source = lay(join(scratch, version), upstream(version.replace(/-.*/, '')))
    const dsc = fixture.makeDsc(join(tree, pool), 'haproxy', version, source)
    return fixture.makeSuite(tree, dists.split('/').slice(1).join('/'), [], [dsc])
  }
  keys.sign(suite(POINT, 'pool/main/h/haproxy', '1.7.5-2'), 'expired')
  keys.sign(suite(SUPPORT, 'pool/updates/main/h/haproxy', '1.7.5-2+deb9u1'), 'expired')
  keys.publish()
  server = await fixture.serve(root)
})

test.before.each(() => {
  if (!fixture.MAKEABLE) return
  notes = []
  server.misbehaviours.clear()
  server.requests.length = 0
  Object.assign(process.env, { no_proxy: '127.0.0.1', XDG_CACHE_HOME: join(scratch, `cache-${++runs}`) })
  supply = testSupply({ archive: server.url, keyring: keys.keyring, note: (line) => notes.push(line) })
})

test.after(() => {
  if (!fixture.MAKEABLE) return
  server.end()
  keys.end()
})

const it = fixture.MAKEABLE ? test : test.skip
const obtain = (which = '1.7', from = supply) => obtainProxy(parseProxy(`haproxy:${which}`), from, { patience })
const gone: fixture.Misbehaviour = (_, response) => response.writeHead(404).end()

async function failure(which?: string, from?: Supply) {
  const error = await fixture.mustFail(obtain(which, from))
  assert.match(error.message, /^HAProxy 1\.\d: /)
  return error
}

it('builds the newest version of long-term support into a static program that runs', async () => {
  const { path, version, debian } = await obtain()
  assert.equal([version, debian], ['1.7.5', '1.7.5-2+deb9u1'])
  assert.match(execFileSync(path).toString(), 'HA-Proxy version 1.7.5')
  assert.equal(describeElf(readFileSync(path)), { dynamic: false })
  assert.equal(
    server.requests.filter((request) => request.includes('/pool/')).map((request) => basename(request)),
    ['haproxy_1.7.5-2+deb9u1.debian.tar.xz', 'haproxy_1.7.5-2+deb9u1.dsc', 'haproxy_1.7.5.orig.tar.gz'],
  )
})

it('asks the archive for nothing that it has had from there', async () => {
  const { path } = await obtain()
  server.requests.length = 0
  assert.is((await obtain()).path, path)
  assert.is((await obtain('1.7', { ...supply, offline: true })).path, path)
  rmSync(dirname(dirname(path)), { recursive: true })
  await obtain()
  assert.equal([...new Set(server.requests.map((request) => request.includes('/pool/')))], [true])
})

for (const [what, end] of [
  ['an index', `${SUPPORT}/Release`],
  ['files', 'haproxy_1.7.5-2+deb9u1.dsc'],
])
  it(`takes the last point release where ${what} of long-term support are gone`, async () => {
    server.misbehaviours.set(end!, gone)
    assert.is((await obtain()).debian, '1.7.5-2')
  })

it('refuses a changed source, and takes nothing else instead', async () => {
  server.misbehaviours.set('.orig.tar.gz', (request, response, content) => {
    const changed = Buffer.from(content)
    changed[changed.length >> 1]! ^= 1
    fixture.whole(request, response, changed)
  })
  const error = await obtain().catch((error) => error)
  assert.match(error.message, /^HAProxy 1\.7: .*orig\.tar\.gz was changed: its SHA-256 is not the signed one/)
  assert.equal(fixture.filesBelow(join(cacheRoot(), 'programs')), [])
})

it('refuses a changed index', async () => {
  server.misbehaviours.set('Sources.xz', (request, response, content) =>
    fixture.whole(request, response, Buffer.concat([content.subarray(0, -1), Buffer.from('x')])),
  )
  assert.match((await failure()).message, 'Sources.xz was changed')
})

it('an unreachable archive: says so in one line, and what can be run', async () => {
  const { message, hint } = await failure('1.5', { ...supply, archive: 'http://127.0.0.1:1' })
  assert.is(message, 'HAProxy 1.5: 127.0.0.1:1 cannot be reached from here (ECONNREFUSED)')
  assert.match(hint!, '--proxy haproxy:2.6 (the default), or the path of a static program: --proxy haproxy:./haproxy')
})

it('a release without it: says so', async () => {
  assert.match((await failure('1.5')).message, 'jessie/Release: the server has no such file (404)')
})

test.run()
