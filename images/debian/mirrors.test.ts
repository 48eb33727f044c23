import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../lab/model/fault.ts'
import { testSupply } from '../fixtures/supply.ts'
import { archiveUri, mirrorUri, requireAllowed, snapshotUri, supplyKey } from './mirrors.ts'

test("Debian's own places, unless the supply names others", () => {
  assert.is(archiveUri(testSupply()), 'http://archive.debian.org')
  assert.is(snapshotUri(testSupply()), 'http://snapshot.debian.org')
  assert.is(supplyKey(testSupply()), '')
  const others = testSupply({ archive: 'https://a.example/x', snapshot: 'file:///srv/x' })
  assert.is(archiveUri(others), 'https://a.example/x')
  assert.is(snapshotUri(others), 'file:///srv/x')
})

test('each place that is replaced has a key of its own; being offline changes none', () => {
  const replaced = ['mirror', 'archive', 'snapshot', 'keyring'].map((place) => supplyKey(testSupply({ [place]: '/x' })))
  for (const key of replaced) assert.match(key, /^\.[0-9a-f]{8}$/)
  assert.is(new Set(replaced).size, 4)
  assert.is(supplyKey(testSupply({ offline: true })), '')
  assert.is(supplyKey(testSupply({ offline: true, mirror: '/x' })), replaced[0])
})

test('security suites are served beside the others', async () => {
  const supply = testSupply({ mirror: 'http://a.example/debian' })
  assert.is(await mirrorUri('bookworm', supply), 'http://a.example/debian')
  assert.is(await mirrorUri('bookworm-security', supply), 'http://a.example/debian-security')
})

test('offline, only files of this host may be read', () => {
  requireAllowed('file:///srv/x', testSupply({ offline: true }))
  requireAllowed('http://a.example/x', testSupply())
  assert.throws(
    () => requireAllowed('http://a.example/x', testSupply({ offline: true })),
    (error: Fault) => error instanceof Fault && error.exit === 3 && error.message.includes('http://a.example/x'),
  )
})

test.run()
