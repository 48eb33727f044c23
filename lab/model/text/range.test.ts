import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inRange, older, rangeText } from './range.ts'

test('versions compare number by number', () => {
  assert.ok(older('4.9', '4.19'))
  assert.ok(older('2.6.32', '3.2'))
  assert.ok(older('6', '6.1'))
  assert.not.ok(older('4.6', '4.6'))
  assert.not.ok(older('4.6.1', '4.6'))
  assert.not.ok(older('10.0', '9.9'))
  assert.ok(older('2.6.12-1+deb12u3', '2.8'))
})

test('a range holds its first version and not its last', () => {
  assert.ok(inRange('4.6', { from: '4.6', below: '5.0' }))
  assert.not.ok(inRange('5.0', { from: '4.6', below: '5.0' }))
  assert.not.ok(inRange('4.5', { from: '4.6' }))
  assert.ok(inRange('4.5'))
})

test('a range in words', () => {
  assert.is(rangeText('Linux', { from: '4.6' }), 'Linux 4.6 or later')
  assert.is(rangeText('Linux', { from: '3.9', below: '4.4' }), 'Linux 3.9 or later before 4.4')
})

test.run()
