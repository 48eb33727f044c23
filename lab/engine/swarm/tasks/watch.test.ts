import type Docker from 'dockerode'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Watch } from './watch.ts'

/** A manager that counts how often it is asked. */
function watched() {
  const asked = { tasks: 0 }
  const docker = {
    listTasks: async () => [{ ID: `${++asked.tasks}` }],
    listNodes: async () => [],
  } as unknown as Docker
  const patience = { ask: <T>(what: () => Promise<T>) => what(), note: () => {} }
  return { asked, watch: new Watch(docker, patience, 'hitless.run=x') }
}

test('all who wait share a look, and get a new one each time', async () => {
  const { asked, watch } = watched()
  const { signal } = new AbortController()
  const views = await Promise.all(Array.from({ length: 1000 }, () => watch.next(signal)))
  assert.is(asked.tasks, 1)
  assert.ok(views.every(({ tasks }) => tasks[0]!.ID === '1'))
  assert.is((await watch.next(signal)).tasks[0]!.ID, '2')
})

test('one who gives up takes nothing from the others, and the last one ends the look', async () => {
  const { asked, watch } = watched()
  const [gone, stays] = [new AbortController(), new AbortController()]
  const first = watch.next(gone.signal).catch((error) => error)
  const second = watch.next(stays.signal)
  gone.abort(new Error('interrupted'))
  assert.is((await first).message, 'interrupted')
  assert.is((await second).tasks[0]!.ID, '1')

  const last = watch.next(stays.signal).catch((error) => error)
  stays.abort(new Error('interrupted'))
  await last
  await new Promise((resolve) => setTimeout(resolve, 500))
  assert.is(asked.tasks, 1, 'nobody asked for it')
})

test.run()
