import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fateOf, labelsOf, thisLab } from './owner.ts'

const mine = thisLab()
const labels = (changes = {}) => labelsOf('run', { ...mine, ...changes })

test('what belongs to a process that lives is known by more than its number', () => {
  assert.is(fateOf(labels()), 'alive')
  assert.is(fateOf(labels({ started: `${Number(mine.started) - 1}` })), 'dead', 'the number is that of another process')
  assert.is(fateOf(labels({ pid: 4_194_305 })), 'dead', 'no process has such a number')
  assert.is(fateOf(labels({ boot: 'an earlier one' })), 'dead')
})

test('of what ran elsewhere nothing is known', () => {
  assert.is(fateOf(labels({ machine: 'another' })), 'unknown')
  assert.is(fateOf({ hitless: 'image' }), 'unknown')
})

test.run()
