import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { timed } from './times.ts'

const NONE = ['--kernel', 'nonsense']
const failure = (timing: Promise<number>): Promise<string> =>
  timing.then(
    (ms) => `no failure, but ${ms} ms`,
    (error: Error) => error.message,
  )

test('a run that fails is no time, and is not waited for longer than it lasts', async () => {
  for (const until of [undefined, () => false]) {
    const said = await failure(timed(NONE, {}, until))
    assert.match(said, 'lab/run.ts --kernel nonsense ended with status 2:')
  }
})

test.run()
