import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { carry, Lost } from './carry.ts'
import { type Fated, manager } from './fixture.ts'

/** A wait that has no end fails. */
const LONG = 60_000
const PLACE = { nodes: ['a'], constraints: [] }
const SLEPT: Fated['told'] = [{ tell: 'answer', answer: null }]

/** Has a worker sleep, and waits so many milliseconds for a task that is not there. */
function sleep(fate: Fated, noTask?: number) {
  const all = manager([fate], ['a'])
  return { ...all, answer: carry(all.swarm, { do: 'sleep', ms: 1 }, PLACE, {}, AbortSignal.timeout(LONG), noTask) }
}

test('an order is answered, and nothing of it stays', async () => {
  const { answer, removed } = sleep({ node: 'a', told: SLEPT, task: 'complete' })
  assert.equal(await answer, { answer: null, node: 'a' })
  assert.equal(removed, ['service-0'])
})

const REMOVED = 'Swarm has no task for it any more: its service was removed'

test('a service that somebody removed is lost: where it never had a task, and where it had one', async () => {
  const never = sleep({ node: 'a', told: [], task: null }, 500)
  const one = await never.answer.catch((error) => error)
  assert.instance(one, Lost, String(one))
  assert.equal([one.node, one.message], [null, REMOVED])
  assert.equal(never.removed, ['service-0'])

  const runs: Fated = { node: 'a', told: [], task: 'running' }
  const had = sleep(runs, 500)
  setTimeout(() => had.services.set('service-0', { ...runs, task: null }), 700)
  const other = await had.answer.catch((error) => error)
  assert.instance(other, Lost, String(other))
  assert.equal([other.node, other.message], ['a', REMOVED])
})

test('a task that comes late is not lost', async () => {
  const fate: Fated = { node: 'a', told: SLEPT, task: null }
  const late = sleep(fate, 2000)
  setTimeout(() => late.services.set('service-0', { ...fate, task: 'complete' }), 700)
  assert.equal(await late.answer, { answer: null, node: 'a' })
})

test.run()
