import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as fixture from '../../fixtures/archive.ts'
import { testSupply } from '../../fixtures/supply.ts'
import { Distrusted, verifySignature } from '../signature.ts'

// Keys that should not be trusted, or not for everything, in a keyring such as Debian's. The real one holds no private
// keys, so it is made here.

const scratch = mkdtempSync(join(tmpdir(), 'signers-'))
const file = join(scratch, 'Release')
let keys: ReturnType<typeof fixture.makeKeys>

test.before(() => {
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
  process.env.XDG_CACHE_HOME = join(scratch, 'cache')
  if (!fixture.MAKEABLE) return
  keys = fixture.makeKeys(join(scratch, 'gnupg'))
  writeFileSync(file, 'Origin: Debian\n')
  for (const key of ['good', 'expired', 'revoked', 'short'] as const) {
    writeFileSync(join(scratch, key), 'Origin: Debian\n')
    keys.sign(join(scratch, key), key)
  }
  writeFileSync(join(scratch, 'sha1'), 'Origin: Debian\n')
  keys.sign(join(scratch, 'sha1'), 'good', false, 'SHA1')
  keys.publish()
})

test.after(() => {
  if (fixture.MAKEABLE) keys.end()
})

const it = fixture.MAKEABLE ? test : test.skip

/** Verifies what a key signed, by a keyring with all keys, of which some may sign. */
const verify = (signed: string, signers: fixture.Key[], pinned = false) =>
  verifySignature(
    'Release',
    file,
    join(scratch, `${signed}.gpg`),
    { signers: signers.map(keys.fingerprint), pinned },
    testSupply(),
    [keys.ring],
  )

async function refusal(signed: string, signers: fixture.Key[]): Promise<string> {
  const error = await verify(signed, signers).then(
    () => assert.unreachable('it was taken') as never,
    (error) => error,
  )
  assert.instance(error, Distrusted, String(error.stack))
  return error.message
}

it('takes a key that may sign, expired since or not', async () => {
  await verify('good', ['good', 'revoked'])
  await verify('expired', ['expired'])
})

it('attack: a key that is both revoked and expired', async () => {
  assert.match(await refusal('revoked', ['revoked']), 'which was revoked')
})

it('attack: a key of the keyring that does not sign this suite', async () => {
  assert.match(await refusal('good', ['expired']), 'which does not sign this suite')
})

it('attack: a key of 1024 bits', async () => {
  assert.match(await refusal('short', ['short']), 'which has only 1024 bits')
})

it('attack: a signature over SHA-1 alone', async () => {
  assert.match(await refusal('sha1', ['good']), 'over a weak digest')
  await verify('sha1', ['good'], true)
})

it('a keyring that gpg cannot read is named', async () => {
  const broken = join(scratch, 'broken.gpg')
  writeFileSync(broken, 'no keyring')
  const signers = { signers: [], pinned: false }
  const error = await verifySignature('Release', file, join(scratch, 'good.gpg'), signers, testSupply(), [
    broken,
  ]).catch((error) => error)
  assert.match(error.message, `gpg cannot read ${broken}`)
})

test.run()
