import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { attribute } from './attribute.ts'

test('each event belongs to the last reload that had begun', () => {
  assert.equal(attribute([5, 10, 11, 19, 20, 99], [10, 20, 30]), { before: 1, byReload: [3, 1, 1] })
})

test('order does not matter', () => {
  assert.equal(attribute([99, 11, 20, 5, 19, 10], [10, 20, 30]), { before: 1, byReload: [3, 1, 1] })
})

test('without reloads everything is before the first', () => {
  assert.equal(attribute([1, 2], []), { before: 2, byReload: [] })
})

test.run()
