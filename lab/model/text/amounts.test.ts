import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { counted, list, whole } from './amounts.ts'

test('numbers are grouped and rounded, and nouns agree with them', () => {
  assert.is(whole(174233.4), '174,233')
  assert.equal(
    [counted(1, 'reset'), counted(0, 'reset'), counted(2000, 'reset')],
    ['1 reset', '0 resets', '2,000 resets'],
  )
})

test('lists are sentences', () => {
  assert.is(list([]), '')
  assert.is(list(['a']), 'a')
  assert.is(list(['a', 'b', 'c']), 'a, b and c')
})

test.run()
