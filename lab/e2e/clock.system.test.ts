import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { disagreements } from '../measure/numbers/account/reconcile.ts'
import { isMeasured } from '../model/result.ts'
import { lab } from './harness.ts'

test("a clock that is set meanwhile moves no reset: the packets' times are those of the events", async () => {
  const run = await lab([
    '--kernel',
    '6.1',
    '--case',
    './lab/e2e/cases/clock-set.ts',
    '--duration',
    '2',
    '--users',
    '80',
  ])
  const [cell] = run.result().cells
  assert.ok(cell && isMeasured(cell), run.stderr)
  assert.ok(cell.reloads > 1 && cell.resets > 0, `${cell.resets} resets in ${cell.reloads} reloads`)
  assert.equal(disagreements(cell), [])
  assert.is(cell.resetsBeforeReloads, 0)
})

test.run()
