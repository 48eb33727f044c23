import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KERNELS } from '../../kernels/catalogue.ts'
import { haproxy } from '../../proxies/haproxy.ts'
import { identityOf } from './suites.ts'

const places = [...KERNELS.flatMap(({ places }) => places), ...Object.values(haproxy.series)]
const suites = places.flatMap((place) =>
  place.at === 'archive' ? place.suites : place.at === 'snapshot' ? [place.suite] : [],
)

test('every suite that is read without apt is known, with its keys and its time', () => {
  assert.ok(suites.length > 12)
  for (const suite of new Set(suites)) {
    const { signers, from, until } = identityOf(suite)
    assert.ok(signers.length >= 2, suite)
    for (const key of signers) assert.match(key, /^[0-9A-F]{40}$/)
    for (const day of [from, until]) assert.is(new Date(day).toISOString().slice(0, 10), day)
    assert.ok(from < until, suite)
  }
})

test('what long-term support added is signed by other keys than the release, from stretch on', () => {
  const common = (a: string, b: string) => identityOf(a).signers.filter((key) => identityOf(b).signers.includes(key))
  for (const release of ['stretch', 'buster'])
    assert.equal(common(`debian/dists/${release}`, `debian-security/dists/${release}/updates`), [])
})

test('the index of squeeze is pinned', () => {
  const pins = Object.entries(identityOf('debian/dists/squeeze').pins!)
  assert.equal(
    pins.map(([path, sha256]) => [path, sha256.length]),
    [['main/binary-amd64/Packages.bz2', 64]],
  )
})

test.run()
