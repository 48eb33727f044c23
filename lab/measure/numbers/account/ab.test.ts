import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EventOf } from '../../../model/events.ts'
import { abMistake, abOf } from './ab.ts'

type Printed = NonNullable<EventOf<'ab'>['printed']>
const NONE: Printed = { complete: 2000, failed: 0, connect: 0, receive: 0, length: 0, exceptions: 0 }
const run = (number: number, printed: Printed | null): EventOf<'ab'> => ({
  ...{ n: number, e: 'ab', run: number, start: 0, us: 1, status: printed ? 0 : 22, left: 0 },
  printed,
})

test('the sums of what ab printed; a run without numbers is none without failures', () => {
  const failed = { ...NONE, failed: 11, length: 9, exceptions: 2 }
  assert.equal(abOf([run(1, failed), run(2, null), run(3, NONE)]), {
    ...{ runs: 3, silent: 1, complete: 4000, failed: 11, connect: 0, receive: 0, length: 9, exceptions: 2 },
  })
  assert.is(abOf([]), null)
})

test('numbers that cannot be those of ab, or not of all its runs', () => {
  assert.is(abMistake([run(1, NONE), run(2, null)], 2000), null)
  assert.match(abMistake([run(1, NONE), run(3, NONE)], 2000)!, 'run 2 of ab is missing')
  assert.match(abMistake([run(1, { ...NONE, complete: 1999 })], 2000)!, '1999 requests instead of 2000')
  assert.match(
    abMistake([run(1, { ...NONE, failed: 2, length: 1 })], 2000)!,
    'has 2 failed requests, and its parts are',
  )
})

test.run()
