import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cappedShare } from './limit.ts'
import type { Load } from './result.ts'

const load = (users: number, loop: Load['loop'] = 'closed') => ({ loop, users }) as Load

test('reloads whose resets are within one of users − maxaccept are capped', () => {
  assert.is(cappedShare([76, 75, 77, 74, 0], load(80), 4), 0.6)
  assert.is(cappedShare([3, 4], load(80), 4), 0)
})

test('no ceiling: an open loop, a proxy that accepts all or as many as there are, no reload', () => {
  assert.is(cappedShare([76], load(80, 'open'), 4), null)
  assert.is(cappedShare([76], load(80), -1), null)
  assert.is(cappedShare([0], load(20), 64), null)
  assert.is(cappedShare([], load(80), 4), null)
})

test.run()
