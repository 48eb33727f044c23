import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cacheRoot } from '../../cache/cache.ts'
import * as fixture from '../../fixtures/archive.ts'
import { testSupply } from '../../fixtures/supply.ts'
import { suiteIndex } from '../archive.ts'
import { type Identity, identityOf } from './suites.ts'

// What an archive can give instead of the index of a suite, though its signature is good, and how much of it.

const scratch = mkdtempSync(join(tmpdir(), 'index-'))
const root = join(scratch, 'archive')
const PACKAGES = 'main/binary-amd64/Packages'
const stretch = identityOf('debian/dists/stretch')
const patience = { retries: 1, retryMs: 1, longestMs: 20, stallMs: 5000, pauseMs: 0 }
let server: Awaited<ReturnType<typeof fixture.serve>>
let keys: ReturnType<typeof fixture.makeKeys>

/** Suites whose Release files differ, and the digest of each signature. */
const SUITES: [name: string, fields: Record<string, string>, digest?: string][] = [
  ['stretch', {}],
  ['sha1', { Codename: 'stretch' }, 'SHA1'],
  ['squeeze', {}],
  ['updates', { Codename: 'stretch', Label: 'Debian-Security' }],
  ['older', { Codename: 'stretch', Date: 'Sat, 17 Jun 2017 08:00:00 UTC' }],
  ['later', { Codename: 'stretch', Date: 'Mon, 01 Jan 2029 00:00:00 UTC' }],
]

test.before(async () => {
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
  process.env.XDG_CACHE_HOME = join(scratch, 'cache')
  process.env.no_proxy = '127.0.0.1'
  if (!fixture.MAKEABLE) return
  keys = fixture.makeKeys(join(scratch, 'gnupg'))
  const pool = join(root, 'pool')
  mkdirSync(pool, { recursive: true })
  const deb = fixture.makeDeb(pool, '4.9.0-13-amd64', '4.9.228-1')
  for (const [name, fields, digest] of SUITES)
    keys.sign(fixture.makeSuite(root, `dists/${name}`, [deb], [], fields), 'good', false, digest)
  const md5 = fixture.makeSuite(root, 'dists/md5', [deb], [], { Codename: 'stretch' })
  writeFileSync(md5, readFileSync(md5, 'utf8').replace('SHA256:', 'MD5Sum:'))
  keys.sign(md5, 'good')
  bomb()
  keys.publish()
  server = await fixture.serve(root)
})

/** A suite whose index unpacks to more than its Release file says. */
function bomb() {
  const release = fixture.makeSuite(root, 'dists/bomb', [], [], { Codename: 'stretch' })
  const lines = readFileSync(release, 'utf8').split('\n')
  const packed = gzipSync(Buffer.alloc(30_000_000))
  const listed = (content: Buffer, size: number, path: string) =>
    ` ${fixture.digest('sha256', content)} ${size} ${path}`
  writeFileSync(join(root, 'dists/bomb', `${PACKAGES}.gz`), packed)
  const other = lines.filter((line) => !line.includes(PACKAGES)).filter(Boolean)
  const index = [listed(Buffer.alloc(0), 100_000, PACKAGES), listed(packed, packed.length, `${PACKAGES}.gz`)]
  writeFileSync(release, `${[...other, ...index].join('\n')}\n`)
  keys.sign(release, 'good')
}

test.before.each(() => {
  if (fixture.MAKEABLE) server.misbehaviours.clear()
})

test.after(() => {
  if (!fixture.MAKEABLE) return
  server.end()
  keys.end()
})

const it = fixture.MAKEABLE ? test : test.skip

const indexOf = (name: string, identity: Identity = stretch) =>
  suiteIndex(`${server.url}/dists/${name}`, PACKAGES, identity, testSupply({ keyring: keys.keyring }), patience)

const refusal = async (name: string, identity?: Identity) => (await fixture.mustFail(indexOf(name, identity))).message

it('takes the index of the suite', async () => {
  assert.match(await indexOf('stretch'), 'Package: linux-image-4.9.0-13-amd64')
})

it('attack: a Release file of squeeze for stretch', async () => {
  assert.match(await refusal('squeeze'), 'is of another suite: its Codename is squeeze, not stretch')
})

it("attack: the security updates' Release file for the release's", async () => {
  assert.match(await refusal('updates'), 'its Label is Debian-Security, not Debian')
})

it('attack: an older state of the same suite, and one of another time', async () => {
  assert.match(await refusal('older'), 'is of 2017-06-17')
  assert.match(await refusal('later'), 'is of 2029-01-01')
})

it('attack: a Release file without SHA-256', async () => {
  assert.match(await refusal('md5'), 'lists no SHA-256')
})

it('attack: SHA-1 alone; where the index is pinned it counts, and only the pinned form does', async () => {
  assert.match(await refusal('sha1'), 'over a weak digest')
  const pinned = (sha256: string): Identity => ({ ...stretch, pins: { [`${PACKAGES}.gz`]: sha256 } })
  const sha256 = fixture.digest('sha256', readFileSync(join(root, 'dists/sha1', `${PACKAGES}.gz`)))
  server.requests.length = 0
  assert.match(await indexOf('sha1', pinned(sha256)), 'Package: linux-image')
  assert.ok(server.requests.includes(`GET /dists/sha1/${PACKAGES}.gz`))
  const other = '0'.repeat(64)
  assert.match(await refusal('sha1', pinned(other)), `should have the SHA-256 ${other}`)
})

/** Sends without end, and counts the bytes that were taken. */
function endless(end: string): { sent: number } {
  const counted = { sent: 0 }
  server.misbehaviours.set(end, (_, response) => {
    const chunk = Buffer.alloc(1 << 16, 'x')
    const send = () => {
      // A download without a limit ends here, and the test fails.
      while (!response.destroyed && counted.sent < 100_000_000) {
        counted.sent += chunk.length
        if (!response.write(chunk)) return
      }
      response.end()
    }
    response.on('drain', send)
    send()
  })
  return counted
}

for (const [what, end] of [
  ['a Release file', '/Release'],
  ['a signature', '/Release.gpg'],
  ['an index', 'Packages.xz'],
] as const)
  it(`attack: ${what} without end is cut off`, async () => {
    const counted = endless(end)
    assert.match(await refusal('stretch'), /is longer than the \d+ bytes that it may have/)
    assert.ok(counted.sent < 50_000_000, `${counted.sent} bytes were sent`)
  })

it('attack: a short index that unpacks to gigabytes', async () => {
  assert.match(await refusal('bomb'), 'it unpacks to more than 100000 bytes')
  assert.equal(fixture.filesBelow(cacheRoot()), [])
})

test.run()
