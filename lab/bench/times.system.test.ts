import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { timed } from './times.ts'

const NONE = ['--kernel', 'nonsense']
const failure = (timing: Promise<number>) =>
  timing.then(
    () => assert.unreachable('a run that failed is no time'),
    (error: Error) => error.message,
  )

test('a run that fails is no time, and is not waited for longer than it lasts', async () => {
  for (const until of [undefined, () => false]) {
    const said = await failure(timed(NONE, {}, until))
    assert.match(said, 'lab/run.ts --kernel nonsense ended with status 2:')
    assert.match(said, /nonsense: no such kernel|--kernel nonsense/)
  }
})

test.run()
