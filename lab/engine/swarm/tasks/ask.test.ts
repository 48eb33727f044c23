import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../../model/fault.ts'
import { askManager } from './ask.ts'

const { signal } = new AbortController()

/** A manager that answers with these errors first, and what is said meanwhile. */
function manager(errors: string[]) {
  const said: string[] = []
  const ask = async () => {
    const error = errors.shift()
    if (error !== undefined) throw new Error(error)
    return 'answer'
  }
  const patience = { ask: <T>(what: () => Promise<T>) => what(), note: (line: string) => void said.push(line) }
  return { said, answer: (seconds: number) => askManager(patience, ask, signal, seconds) }
}

// As Docker 20.10 says it.
const LEADERLESS =
  "(HTTP code 503) server error - rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online."

test('managers that elect another leader are waited for, and it is said once', async () => {
  const { said, answer } = manager([LEADERLESS, LEADERLESS])
  assert.is(await answer(60), 'answer')
  assert.equal(said, ['the Swarm has no leader; waiting up to 60 s for one'])
})

test('a Swarm that gets no leader is given up', async () => {
  const { answer } = manager(Array(9).fill(LEADERLESS))
  try {
    await answer(0.5)
    assert.unreachable()
  } catch (error) {
    assert.instance(error, Fault)
    assert.match((error as Fault).message, 'the Swarm has had no leader for 0.5 s')
    assert.is((error as Fault).exit, 4)
  }
})

test('what a manager refuses is no matter of time', async () => {
  const { said, answer } = manager(['(HTTP code 400) invalid constraint'])
  try {
    await answer(60)
    assert.unreachable()
  } catch (error) {
    assert.match((error as Error).message, 'invalid constraint')
  }
  assert.equal(said, [])
})

test.run()
