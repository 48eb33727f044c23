import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Case } from '../../model/case/case.ts'
import type { Cell } from '../../model/cell.ts'
import { controlOf } from './judged.ts'

const cell = (name: string, more: Partial<Case> = {}, load = 'half') => ({
  cell: {
    kernel: { name: '6.1.0' },
    proxy: { name: 'haproxy', version: '2.6.12', maxaccept: 4 },
    load: { name: load },
    case: { name, ...more },
  } as Cell,
})

test('a case is compared with the positive control, or with the case that it names', () => {
  const none = cell('none', { control: 'positive' })
  const shards = cell('shards')
  const other = cell('shards', {}, 'saturated')
  const all = [none, other, shards]
  assert.is(controlOf(shards, all), none)
  const migration = cell('shards-migration', { against: 'shards' })
  assert.is(controlOf(migration, all), shards)
  assert.is(controlOf(migration, [none, other]), undefined, 'no other takes its place')
})

test.run()
