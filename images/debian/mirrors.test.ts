import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../lab/model/fault.ts'
import { mirrors, mirrorsKey } from './mirrors.ts'

const NAMES = ['MIRROR', 'ARCHIVE', 'SNAPSHOT', 'KEYRING', 'OFFLINE'].map((name) => `HITLESS_${name}`)
const before = NAMES.map((name) => [name, process.env[name]] as const)
const scratch = mkdtempSync(join(tmpdir(), 'mirrors-'))

test.before.each(() => {
  for (const name of NAMES) delete process.env[name]
})
test.after(() => {
  for (const [name, value] of before) if (value !== undefined) process.env[name] = value
  rmSync(scratch, { recursive: true })
})

test("Debian's own, unless something else is said", () => {
  const none = { mirror: null, keyring: null, offline: false }
  const own = { archive: 'http://archive.debian.org', snapshot: 'http://snapshot.debian.org' }
  assert.equal(mirrors(), { ...none, ...own })
  assert.is(mirrorsKey(), '')
  process.env.HITLESS_ARCHIVE = ''
  assert.is(mirrors().archive, own.archive)
})

test('takes http:, https: and file:, with and without a slash at the end', () => {
  for (const uri of ['http://a.example/x', 'https://a.example/x/', 'file:///srv/x', 'file:/srv/x/']) {
    process.env.HITLESS_MIRROR = uri
    assert.is(mirrors().mirror, uri.replace(/\/$/, ''))
    assert.match(mirrorsKey(), /^\.[0-9a-f]{8}$/)
  }
})

test('being offline does not change where things are from', () => {
  process.env.HITLESS_OFFLINE = '1'
  assert.ok(mirrors().offline)
  assert.is(mirrorsKey(), '')
})

const armoured = join(scratch, 'key.asc')
writeFileSync(armoured, '-----BEGIN PGP PUBLIC KEY BLOCK-----\n')
for (const [name, value, expected] of [
  ['HITLESS_MIRROR', 'ftp://a.example', '--mirror (HITLESS_MIRROR) "ftp://a.example": expected a URI that begins with'],
  ['HITLESS_SNAPSHOT', 'a.example', '--snapshot (HITLESS_SNAPSHOT) "a.example"'],
  ['HITLESS_KEYRING', join(scratch, 'none'), 'expected the absolute path of a file'],
  ['HITLESS_KEYRING', 'key.gpg', 'expected the absolute path of a file'],
  ['HITLESS_KEYRING', armoured, 'not in ASCII armour'],
  ['HITLESS_OFFLINE', 'yes', '--offline (HITLESS_OFFLINE) "yes": expected 1 or 0'],
] as const)
  test(`refuses ${name}=${value.replace(scratch, '')}`, () => {
    process.env[name] = value
    assert.throws(
      mirrors,
      (error: Fault) => error instanceof Fault && error.exit === 2 && error.message.includes(expected),
    )
  })

test.run()
