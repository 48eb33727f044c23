import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { cacheFolder, cacheRoot } from '../cache/cache.ts'
import * as fixture from '../fixtures/archive.ts'
import { testSupply } from '../fixtures/supply.ts'
import { obtainKernel } from '../kernels/obtain.ts'
import type { Patience } from './http.ts'
import { supplyKey } from './mirrors.ts'

// Kernels from an archive made by the test, and every way in which fetching one can fail, each caused here.

const scratch = mkdtempSync(join(tmpdir(), 'archive-'))
const [root, home] = [join(scratch, 'archive'), join(scratch, 'gnupg')]
const POINT = 'debian/dists/stretch'
const SUPPORT = 'debian-security/dists/stretch/updates'
const DEB = 'linux-image-4.9.0-19-amd64_4.9.320-2_amd64.deb'
/** Signatures of the same Release file by other keys. */
const signatures: Record<string, Buffer> = {}
const patience: Patience = { retries: 3, retryMs: 1, longestMs: 20, stallMs: 2000, pauseMs: 0 }
let server: Awaited<ReturnType<typeof fixture.serve>>
let keys: ReturnType<typeof fixture.makeKeys>
let supply: Supply
let notes: string[] = []
let runs = 0

test.before(async () => {
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
  if (!fixture.MAKEABLE) return
  keys = fixture.makeKeys(home)
  const suite = (dists: string, ...debs: [name: string, version: string][]) => {
    const tree = join(root, dists.split('/')[0]!)
    const pool = join(tree, 'pool/main/l/linux')
    mkdirSync(pool, { recursive: true })
    return fixture.makeSuite(
      tree,
      dists.split('/').slice(1).join('/'),
      debs.map((deb) => fixture.makeDeb(pool, ...deb)),
    )
  }
  keys.sign(suite(POINT, ['4.9.0-13-amd64', '4.9.228-1'], ['4.9.0-13-rt-amd64', '4.9.999-1']), 'good')
  const release = suite(SUPPORT, ['4.9.0-9-amd64', '4.9.168-1'], ['4.9.0-19-amd64', '4.9.320-2'])
  for (const [name, key, late] of [
    ['in time', 'expired', false],
    ['late', 'expired', true],
    ['wrong', 'wrong', false],
    ['good', 'good', false],
  ] as const) {
    keys.sign(release, key, late)
    signatures[name] = readFileSync(`${release}.gpg`)
  }
  keys.publish()
  server = await fixture.serve(root)
})

test.before.each(() => {
  if (!fixture.MAKEABLE) return
  const own = join(scratch, String(++runs))
  mkdirSync(own)
  notes = []
  server.misbehaviours.clear()
  server.requests.length = 0
  Object.assign(process.env, {
    no_proxy: '127.0.0.1',
    XDG_CACHE_HOME: join(own, 'cache'),
    HITLESS_LOCK: join(own, 'lock.json'),
  })
  supply = testSupply({ archive: server.url, keyring: keys.keyring, note: (line) => notes.push(line) })
})

test.after(() => {
  if (!fixture.MAKEABLE) return
  server.end()
  keys.end()
})

const obtain = (spec = '4.9', from = supply) => obtainKernel(spec, from, patience)

const failure = (spec?: string, from?: Supply) => fixture.mustFail(obtain(spec, from))

const misbehave = (end: string, how: fixture.Misbehaviour) => server.misbehaviours.set(end, how)
const answer =
  (content: Buffer): fixture.Misbehaviour =>
  (request, response) =>
    fixture.whole(request, response, content)
const status =
  (code: number): fixture.Misbehaviour =>
  (_, response) =>
    response.writeHead(code, { 'retry-after': '1' }).end()
/** The same file with one bit changed. */
const tampered: fixture.Misbehaviour = (request, response, content) => {
  const changed = Buffer.from(content)
  changed[changed.length >> 1]! ^= 1
  fixture.whole(request, response, changed)
}
/** Half of what is left, and then the connection is gone. */
const cut: fixture.Misbehaviour = (request, response, content) => {
  const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const left = content.subarray(from)
  const range = from ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}
  response.writeHead(from ? 206 : 200, { 'content-length': left.length, ...range })
  response.write(left.subarray(0, left.length >> 1), () => setTimeout(() => response.destroy(), 20))
}

const it = fixture.MAKEABLE ? test : test.skip

it('takes the newest kernel of long-term support, and records it', async () => {
  const kernel = await obtain()
  assert.is(kernel.name, '4.9.0-19-amd64')
  assert.is(kernel.version, '4.9.320-2')
  assert.is(kernel.origin, 'archive')
  assert.match(readFileSync(kernel.config!, 'utf8'), 'CONFIG_NET')
  assert.ok(existsSync(join(kernel.modules!, 'modules.dep')))
  const sha256 = fixture.digest('sha256', readFileSync(join(root, 'debian-security/pool/main/l/linux', DEB)))
  assert.is(kernel.debSha256, sha256)
  const fetched = JSON.parse(readFileSync(join(cacheRoot(), 'fetched/4.9.json'), 'utf8'))
  assert.equal(fetched, { version: '4.9.320-2', packages: { 'linux-image-4.9.0-19-amd64': sha256 } })
  assert.not(existsSync(process.env.HITLESS_LOCK!), 'the lock file is not written')
})

it('takes the last point release where there is no long-term support', async () => {
  misbehave(`${SUPPORT}/Release`, status(404))
  assert.is((await obtain()).version, '4.9.228-1')
})

it('takes an exact version', async () => {
  assert.is((await obtain('4.9.0-13')).name, '4.9.0-13-amd64')
  assert.is((await obtain('4.9.168-1')).name, '4.9.0-9-amd64')
})

it('says that Debian no longer has a version', async () => {
  assert.match((await failure('4.9.99-1')).message, 'kernel 4.9.99-1: Debian no longer has it')
})

it('an expired key counts for what it signed before', async () => {
  misbehave(`${SUPPORT}/Release.gpg`, answer(signatures['in time']!))
  assert.is((await obtain()).version, '4.9.320-2')
})

for (const [what, end, how, message] of [
  [
    'a key that had expired',
    `${SUPPORT}/Release.gpg`,
    () => answer(signatures.late!),
    /was signed on 2024-06-01 by key \w+, which had expired on 2023-01-0[12]/,
  ],
  [
    'a wrong key',
    `${SUPPORT}/Release.gpg`,
    () => answer(signatures.wrong!),
    /signed by key \w+, which is in none of the keyrings/,
  ],
  ['a missing signature', `${SUPPORT}/Release.gpg`, () => status(404), /updates\/Release has no signature/],
  [
    'something else for a signature',
    `${SUPPORT}/Release.gpg`,
    () => answer(Buffer.from('hello')),
    /has no signature that gpgv can read/,
  ],
  ['a tampered Release', `${SUPPORT}/Release`, () => tampered, /updates\/Release has a signature that does not match/],
  ['a tampered index', `${SUPPORT}/main/binary-amd64/Packages.xz`, () => tampered, /Packages\.xz was changed/],
  ['a tampered .deb', DEB, () => tampered, new RegExp(`${DEB} was changed`)],
] as const)
  it(`refuses ${what}, and takes nothing else instead`, async () => {
    misbehave(end, how())
    assert.match((await failure()).message, message)
  })

it('takes another index for one that Release lists but the server lacks', async () => {
  misbehave('Packages.xz', status(404))
  assert.is((await obtain()).version, '4.9.320-2')
})

it('tells a truncated download from a tampered one', async () => {
  misbehave(DEB, (_, response, content) => {
    // Without its length, nothing tells that it ends too early.
    response.writeHead(200)
    response.end(content.subarray(0, 100))
  })
  assert.match((await failure()).message, /cut short: 100 of \d+ bytes/)
})

it('404: names the file', async () => {
  misbehave('/Release', status(404))
  assert.match((await failure()).message, /stretch\/Release: the server has no such file \(404\)/)
})

it('429: waits and asks again', async () => {
  misbehave(DEB, fixture.times(2, status(429)))
  assert.is((await obtain()).version, '4.9.320-2')
  assert.is(server.requests.filter((request) => request.endsWith(DEB)).length, 3)
})

it('429 again and again: gives up', async () => {
  misbehave(DEB, status(429))
  assert.match((await failure()).message, 'keeps answering that it is asked too often (429)')
  assert.is(server.requests.filter((request) => request.endsWith(DEB)).length, 1 + patience.retries)
})

it('a cut download resumes where it broke off', async () => {
  misbehave(DEB, fixture.times(2, cut))
  assert.is((await obtain()).version, '4.9.320-2')
  const asked = server.requests.filter((request) => request.includes(DEB))
  assert.is(asked.length, 3)
  assert.match(asked[1]!, /bytes=[1-9]\d*-/)
})

it('a connection that is always cut: gives up', async () => {
  misbehave(DEB, cut)
  assert.match((await failure()).message, 'the connection was cut again and again')
})

it('a server that does not answer: gives up', async () => {
  misbehave(DEB, () => {})
  const error = await obtainKernel('4.9', supply, { ...patience, retries: 1, stallMs: 50 }).catch((error) => error)
  assert.instance(error, Fault)
  assert.match(error.message, 'the connection stalled again and again')
  assert.equal(fixture.filesBelow(cacheRoot()), [])
})

it('an unreachable host: says so, and what can be run', async () => {
  const { message, hint } = await failure('4.9', { ...supply, archive: 'http://127.0.0.1:1' })
  assert.match(message, 'kernel 4.9: 127.0.0.1:1 cannot be reached from here (ECONNREFUSED)')
  assert.match(hint!, '6.1')
})

it('reads an archive from a directory', async () => {
  const directory = { ...supply, archive: pathToFileURL(root).href, offline: true }
  assert.is((await obtain('4.9', directory)).version, '4.9.320-2')
  assert.equal(server.requests, [])
})

it('offline: a warm cache is enough, a cold one is an error', async () => {
  await obtain()
  server.requests.length = 0
  const offline = { ...supply, offline: true }
  assert.is((await obtain('4.9', offline)).version, '4.9.320-2')
  process.env.XDG_CACHE_HOME = join(dirname(process.env.XDG_CACHE_HOME!), 'cold')
  assert.match((await failure('4.9', offline)).message, '--offline (HITLESS_OFFLINE=1)')
  assert.equal(server.requests, [])
})

it('an abort ends a download at once with its reason, and leaves nothing', async () => {
  const interrupt = new AbortController()
  misbehave(DEB, (_, response, content) => {
    response.writeHead(200, { 'content-length': content.length })
    response.write(content.subarray(0, 100), () => interrupt.abort(new Error('on purpose')))
  })
  const aborted = { ...supply, signal: interrupt.signal }
  const start = performance.now()
  const error = await obtainKernel('4.9', aborted, { ...patience, stallMs: 60_000 }).catch((error) => error)
  assert.is(error.message, 'on purpose')
  assert.ok(performance.now() - start < 30_000, 'it did not wait for the server')
  assert.equal(fixture.filesBelow(cacheRoot()), [])
  server.requests.length = 0
  assert.is((await obtain('4.9', aborted).catch((error) => error)).message, 'on purpose')
  assert.equal(server.requests, [])
  server.misbehaviours.clear()
  assert.is((await obtain()).version, '4.9.320-2', 'another supply is not aborted')
})

it('a host that could not be reached is asked again by another run', async () => {
  const nowhere = { ...supply, archive: 'http://127.0.0.1:1' }
  await failure('4.9', nowhere)
  assert.is((await obtain()).version, '4.9.320-2')
})

it('does not ask again for what it has fetched', async () => {
  await obtain()
  server.requests.length = 0
  await obtain()
  assert.equal(server.requests, [])
})

it('the lock file refuses a changed package', async () => {
  const path = process.env.HITLESS_LOCK!
  const packages = { 'linux-image-4.9.0-19-amd64': '0'.repeat(64) }
  writeFileSync(path, JSON.stringify({ '4.9': { version: '4.9.320-2', packages } }))
  const { message, hint } = await failure()
  assert.match(message, /linux-image-4\.9\.0-19-amd64 had the SHA-256 0{64}, and now [0-9a-f]{64}/)
  assert.match(hint!, path)
})

it('the lock file refuses another version', async () => {
  writeFileSync(process.env.HITLESS_LOCK!, JSON.stringify({ '4.9': { version: '4.9.319-1', packages: {} } }))
  assert.match((await failure()).message, 'it was version 4.9.319-1, and now is 4.9.320-2')
})

it('refuses a package that differs from the one fetched before, though nothing is pinned', async () => {
  const packages = { 'linux-image-4.9.0-19-amd64': '0'.repeat(64) }
  const path = join(cacheFolder('fetched'), '4.9.json')
  writeFileSync(path, JSON.stringify({ version: '4.9.320-2', packages }))
  const error = await obtain().catch((error) => error)
  assert.instance(error, Fault)
  assert.match(error.message, /linux-image-4\.9\.0-19-amd64 had the SHA-256 0{64}, and now [0-9a-f]{64}/)
  assert.match(error.hint!, `rm ${path}`)
})

it('fetches a kernel again where its file or its record in the cache is torn', async () => {
  const { image } = await obtain()
  const whole = readFileSync(image)
  for (const path of [image, join(cacheRoot(), `kernels/4.9${supplyKey(supply)}.json`)]) {
    truncateSync(path)
    assert.equal(readFileSync((await obtain()).image), whole)
  }
})

it('refuses a lock file of another shape', async () => {
  writeFileSync(process.env.HITLESS_LOCK!, '{"4.9": 1}')
  assert.match((await failure()).message, 'is no lock file')
})

test.run()
