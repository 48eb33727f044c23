import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Supply } from '../../lab/model/supply.ts'
import { cacheRoot } from '../cache/cache.ts'
import * as fixture from '../fixtures/archive.ts'
import { testSupply } from '../fixtures/supply.ts'
import { obtainKernel } from '../kernels/obtain.ts'

// Linux 3.9 from a snapshot made by the test.

const scratch = mkdtempSync(join(tmpdir(), 'snapshot-'))
const [root, home] = [join(scratch, 'snapshot'), join(scratch, 'gnupg')]
const [PACKAGE, VERSION, SEEN] = ['linux-image-3.9-1-amd64', '3.9.8-1', '20130702T040000Z']
const DIST = `archive/debian/${SEEN}/dists/sid`
const patience = { retries: 3, retryMs: 1, longestMs: 20, stallMs: 2000, pauseMs: 0 }
let server: Awaited<ReturnType<typeof fixture.serve>>
let keys: ReturnType<typeof fixture.makeKeys>
let sha1: string
let supply: Supply
let runs = 0

const write = (path: string, content: string | Buffer) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}

test.before(async () => {
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
  if (!fixture.MAKEABLE) return
  keys = fixture.makeKeys(home)
  const tree = join(root, `archive/debian/${SEEN}`)
  mkdirSync(join(tree, 'pool'), { recursive: true })
  const deb = fixture.makeDeb(join(tree, 'pool'), '3.9-1-amd64', VERSION)
  keys.sign(fixture.makeSuite(tree, 'dists/sid', [deb], [], { Date: 'Tue, 02 Jul 2013 03:00:00 UTC' }), 'expired')
  keys.publish()
  const content = readFileSync(deb)
  // Snapshot serves content by its hash only.
  rmSync(deb)
  sha1 = fixture.digest('sha1', content)
  write(`file/${sha1}`, content)
  const versions = ['3.9.4-1', VERSION, '3.9.6-1'].map((version) => ({ binary_version: version, name: PACKAGE }))
  write(`mr/binary/${PACKAGE}/index.html`, JSON.stringify({ binary: PACKAGE, result: versions }))
  const other = '0'.repeat(40)
  const info = (archive: string, seen: string) => ({ archive_name: archive, first_seen: seen, path: '/pool', size: 1 })
  const answer = {
    result: [
      { architecture: 'x32', hash: other },
      { architecture: 'amd64', hash: sha1 },
    ],
    fileinfo: {
      [other]: [info('debian', '20130101T000000Z')],
      [sha1]: [info('debian-ports', '20130601T000000Z'), info('debian', SEEN)],
    },
  }
  write(`mr/binary/${PACKAGE}/${VERSION}/binfiles?fileinfo=1`, JSON.stringify(answer))
  server = await fixture.serve(root)
})

test.before.each(() => {
  if (!fixture.MAKEABLE) return
  const own = join(scratch, String(++runs))
  mkdirSync(own)
  server.misbehaviours.clear()
  server.requests.length = 0
  Object.assign(process.env, {
    no_proxy: '127.0.0.1',
    XDG_CACHE_HOME: join(own, 'cache'),
    HITLESS_LOCK: join(own, 'lock.json'),
  })
  supply = testSupply({ snapshot: server.url, keyring: keys.keyring })
})

test.after(() => {
  if (!fixture.MAKEABLE) return
  server.end()
  keys.end()
})

const obtain = (spec = '3.9', from = supply) => obtainKernel(spec, from, patience)

const failure = (spec = '3.9') => fixture.mustFail(obtain(spec))

const it = fixture.MAKEABLE ? test : test.skip

it('takes the newest version by its hash, trusted by the index of the day on which it came', async () => {
  const kernel = await obtain()
  assert.is(kernel.name, '3.9-1-amd64')
  assert.is(kernel.series, '3.9')
  assert.is(kernel.origin, 'snapshot')
  assert.is(JSON.parse(readFileSync(join(cacheRoot(), 'fetched/3.9.json'), 'utf8')).version, VERSION)
  assert.equal(server.requests, [
    `GET /mr/binary/${PACKAGE}/`,
    `GET /mr/binary/${PACKAGE}/${VERSION}/binfiles?fileinfo=1`,
    `GET /${DIST}/Release`,
    `GET /${DIST}/Release.gpg`,
    `GET /${DIST}/main/binary-amd64/Packages.xz`,
    `GET /file/${sha1}`,
  ])
})

it('reads a snapshot from a directory', async () => {
  assert.is((await obtain('3.9', { ...supply, snapshot: pathToFileURL(root).href })).version, VERSION)
})

it('says that it has no such version', async () => {
  assert.match((await failure('3.9.7-1')).message, 'kernel 3.9.7-1: Debian no longer has it')
})

it('refuses a tampered file', async () => {
  server.misbehaviours.set(`/file/${sha1}`, (request, response, content) =>
    fixture.whole(request, response, Buffer.concat([content.subarray(0, -1), Buffer.from('x')])),
  )
  assert.match((await failure()).message, `/file/${sha1} was changed`)
})

it('refuses another file, though its index lists it', async () => {
  const answer = `mr/binary/${PACKAGE}/${VERSION}/binfiles?fileinfo=1`
  const lie = readFileSync(join(root, answer), 'utf8').replaceAll(sha1, 'f'.repeat(40))
  server.misbehaviours.set(answer, (request, response) => fixture.whole(request, response, Buffer.from(lie)))
  server.misbehaviours.set('f'.repeat(40), (request, response) =>
    fixture.whole(request, response, readFileSync(join(root, `file/${sha1}`))),
  )
  assert.match((await failure()).message, `is another file: its SHA-1 is ${sha1}`)
})

it('refuses a tampered Release', async () => {
  server.misbehaviours.set(`${DIST}/Release`, (request, response, content) =>
    fixture.whole(request, response, Buffer.concat([content, Buffer.from('\n')])),
  )
  assert.match((await failure()).message, 'has a signature that does not match')
})

it('says when the API answers something else', async () => {
  server.misbehaviours.set(`${PACKAGE}/`, (_, response) => response.end('<html>busy</html>'))
  assert.match((await failure()).message, "does not answer as snapshot's API does")
})

it('says when the API knows no such package', async () => {
  server.misbehaviours.set(`${PACKAGE}/`, (_, response) => response.writeHead(404).end())
  assert.match((await failure()).message, 'the server has no such file (404)')
})

it('bears with a server that throttles', async () => {
  const busy: fixture.Misbehaviour = (_, response) => response.writeHead(503, { 'retry-after': '1' }).end()
  server.misbehaviours.set(`/file/${sha1}`, fixture.times(2, busy))
  assert.is((await obtain()).version, VERSION)
  server.misbehaviours.set(`/file/${sha1}`, busy)
  process.env.XDG_CACHE_HOME = join(scratch, String(runs), 'another')
  assert.match((await failure()).message, 'keeps answering with status 503')
})

test.run()
