import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseKeys } from './keys.ts'

// As gpg 2.2 prints keys.

const pub = (fingerprint: string, validity = 'e', bits = 4096, algorithm = 1) =>
  `pub:${validity}:${bits}:${algorithm}:X:1325376000:1356998400::-:::sc:::::::0:\nfpr:::::::::${fingerprint}:\nuid:e::::1325462400::2734::both::::::::::0:\n`
const sub = (fingerprint: string, validity = 'e') =>
  `sub:${validity}:4096:1:X:1325376000:1356998400:::::s:::::::\nfpr:::::::::${fingerprint}:\n`

test('knows a subkey by its primary key', () => {
  const keys = parseKeys(pub('AA') + sub('AB') + pub('BB'))
  assert.equal(
    [...keys].map(([fingerprint, { primary }]) => [fingerprint, primary]),
    [
      ['AA', 'AA'],
      ['AB', 'AA'],
      ['BB', 'BB'],
    ],
  )
})

test('what is revoked takes its subkeys along, not the other way round', () => {
  const revoked = (text: string) => [...parseKeys(text)].flatMap(([name, key]) => (key.revoked ? [name] : []))
  assert.equal(revoked(pub('AA') + sub('AB')), [])
  assert.equal(revoked(pub('AA', 'r') + sub('AB') + pub('BB')), ['AA', 'AB'])
  assert.equal(revoked(pub('AA') + sub('AB', 'r') + sub('AC')), ['AB'])
})

test('a key revoked in one keyring is revoked, whatever the others say', () => {
  for (const text of [pub('AA', 'r') + pub('AA'), pub('AA') + pub('AA', 'r')])
    assert.is(parseKeys(text).get('AA')!.revoked, true)
})

test('calls RSA and DSA below 2048 bits short, curves not', () => {
  const short = (bits: number, algorithm: number) => parseKeys(pub('AA', '-', bits, algorithm)).get('AA')!.short
  assert.equal(
    [short(1024, 1), short(1024, 17), short(2047, 1), short(2048, 1), short(255, 22)],
    [true, true, true, false, false],
  )
})

test.run()
