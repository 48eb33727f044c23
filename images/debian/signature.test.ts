import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as signature from './signature.ts'
import type { SigningKey } from './trust/keys.ts'

// Status lines as gpgv 2.2 prints them.

const status = (...lines: string[]) => lines.map((line) => `[GNUPG:] ${line}\n`).join('')
/** 2012-06-01, and the keys' expiry on 2013-01-01. */
const [SIGNED, EXPIRED] = [1338508800, 1356998400]
const valid = (signed = SIGNED, digest = 10) => `VALIDSIG ABCD 2012-06-01 ${signed} 0 4 0 22 ${digest} 00 FFFF`
const expired = (signed: number) => ['NEWSIG', `KEYEXPIRED ${EXPIRED}`, 'EXPKEYSIG ABCD old key', valid(signed)]
const unknown = ['NEWSIG', 'ERRSIG EF01 22 10 00 1338508800 9 -', 'NO_PUBKEY EF01']
const key: SigningKey = { primary: 'FFFF', revoked: false, short: false, bits: 255 }
const trust = { keys: new Map([['ABCD', key]]), signers: ['FFFF'], pinned: false }
const judge = (text: string, changes: Partial<signature.Trust> = {}) => signature.judge(text, { ...trust, ...changes })
const keyThat = (changes: Partial<SigningKey>) => new Map([['ABCD', { ...key, ...changes }]])
const good = status('NEWSIG', 'GOODSIG ABCD good key', valid())

test('one good signature is enough, alone or beside others', () => {
  assert.is(judge(status('NEWSIG', 'GOODSIG ABCD good key', valid())), null)
  assert.is(judge(status(...unknown, 'NEWSIG', 'GOODSIG ABCD good key', valid())), null)
  assert.is(judge(status('NEWSIG', 'GOODSIG ABCD good key', valid(), ...unknown)), null)
})

test('one that does not match is always refused', () => {
  const good = ['NEWSIG', 'GOODSIG ABCD good key', valid()]
  assert.match(judge(status(...good, 'NEWSIG', 'BADSIG EF01 other key'))!, 'does not match')
})

test('an expired key counts for what it signed before, to the second', () => {
  assert.is(judge(status(...expired(EXPIRED))), null)
  assert.match(judge(status(...expired(EXPIRED + 1)))!, 'by key ABCD, which had expired on 2013-01-01')
})

test('an expired key with an unknown expiry date counts for nothing', () => {
  assert.match(judge(status('NEWSIG', 'EXPKEYSIG ABCD old key', valid()))!, 'which had expired')
})

test('names the key that is missing, revoked or unusable', () => {
  assert.match(judge(status(...unknown))!, 'signed by key EF01, which is in none')
  assert.match(judge(status('NEWSIG', 'REVKEYSIG ABCD a key', valid()))!, 'key ABCD, which was revoked')
  assert.match(judge(status('NEWSIG', 'EXPSIG ABCD a key', valid()))!, 'by key ABCD that has expired')
  assert.match(judge(status('NEWSIG', 'ERRSIG EF01 1 1 00 1338508800 4 -'))!, 'by key EF01 that cannot be checked')
})

test('a key that was revoked, expired or not, counts for nothing', () => {
  const keys = keyThat({ revoked: true })
  for (const text of [good, status(...expired(EXPIRED))])
    assert.match(judge(text, { keys })!, 'ABCD, which was revoked')
})

test('a key that is short, unknown or of another suite counts for nothing', () => {
  assert.match(judge(good, { keys: keyThat({ short: true, bits: 1024 }) })!, 'ABCD, which has only 1024 bits')
  assert.match(judge(good, { keys: new Map() })!, 'of which gpg tells nothing')
  assert.match(judge(good, { signers: ['ABCD'] })!, 'which does not sign this suite')
})

test('SHA-1 counts only where what is signed is pinned', () => {
  for (const digest of [1, 2, 3, 99]) {
    const weak = status('NEWSIG', 'GOODSIG ABCD good key', valid(SIGNED, digest))
    assert.match(judge(weak)!, 'over a weak digest')
    assert.is(judge(weak, { pinned: true }), null)
  }
  for (const digest of [8, 9, 10, 11])
    assert.is(judge(status('NEWSIG', 'GOODSIG ABCD good key', valid(SIGNED, digest))), null)
})

test('refuses what is no signature', () => {
  for (const nothing of ['', status('NODATA 4'), 'GOODSIG ABCD not a status line\n'])
    assert.match(judge(nothing)!, 'has no signature')
})

test.run()
