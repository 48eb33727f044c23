import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compareVersions } from './version.ts'

/** Each older than the next; checked against dpkg --compare-versions. */
const ORDERED = [
  '0.9',
  '2.6.32-48squeeze6',
  '2.6.32-48squeeze20',
  '3.9~rc1-1',
  '3.9.6-1~bpo70+1',
  '3.9.6-1',
  '3.16.84-1',
  '4.9.320-2',
  '6.1.55-1',
  '6.1.192-2',
  '6.12.107+deb13-1',
  '6.12.107+deb13-1.1',
  '7.3~rc7-1~exp1',
  '7.3.4-1',
  '1:1.35.0-4+b3',
]

test('versions sort as dpkg sorts them', () => {
  assert.equal([...ORDERED].reverse().sort(compareVersions), ORDERED)
})

test('leading zeros, epoch 0 and revision 0 make no difference', () => {
  assert.is(compareVersions('1.02-3', '1.2-3'), 0)
  assert.is(compareVersions('0:1.2', '1.2'), 0)
  assert.is(compareVersions('1.2-0', '1.2'), 0)
})

test.run()
