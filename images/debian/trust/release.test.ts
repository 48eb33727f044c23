import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Distrusted } from '../signature.ts'
import { checkRelease } from './release.ts'
import { identityOf } from './suites.ts'

const stretch = identityOf('debian/dists/stretch')
const said = { Origin: 'Debian', Label: 'Debian', Codename: 'stretch', Date: 'Sat, 18 Jul 2020 10:51:00 UTC' }

function refusal(changes: Record<string, string>, identity = stretch): string {
  try {
    checkRelease('x/Release', { ...said, ...changes }, identity)
  } catch (error) {
    assert.instance(error, Distrusted)
    return (error as Distrusted).message
  }
  return assert.unreachable(`took ${JSON.stringify(changes)}`) as never
}

test('takes the last point release, and one that is made anew when a newer release comes out', () => {
  checkRelease('x/Release', said, stretch)
  checkRelease('x/Release', { ...said, Date: 'Sat, 14 Aug 2021 09:00:00 UTC' }, stretch)
})

test('refuses the Release file of another suite', () => {
  assert.match(refusal({ Codename: 'squeeze' }), 'x/Release is of another suite: its Codename is squeeze, not stretch')
  assert.match(refusal({ Label: 'Debian-Security' }), 'its Label is Debian-Security, not Debian')
  assert.match(refusal({ Origin: 'Someone' }), 'its Origin is Someone, not Debian')
  assert.match(refusal({}, identityOf('debian-security/dists/stretch/updates')), 'its Label is Debian, not')
})

test('refuses an older state of the suite, one of a later time, and one without a date', () => {
  assert.match(refusal({ Date: 'Sat, 17 Jun 2017 08:00:00 UTC' }), 'is of 2017-06-17')
  assert.match(refusal({ Date: 'Tue, 14 Jul 2020 23:59:59 UTC' }), 'not between 2020-07-15 and 2023-06-30')
  assert.match(refusal({ Date: 'Sat, 01 Jul 2023 00:00:00 UTC' }), 'is of 2023-07-01')
  for (const date of ['', 'yesterday']) assert.match(refusal({ Date: date }), 'is of an unknown day')
})

test.run()
