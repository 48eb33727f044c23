import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { disagreements } from '../measure/numbers/account/reconcile.ts'
import { lab, measured } from './harness.ts'

// Connections that carry something else than one HTTP request, natively.

const exchanges = suite('exchanges')

exchanges(
  'kept connections: a reload resets those that are asked again just then, unless they close with an answer',
  async () => {
    const cases = 'none,fd-passing,idle-close-on-response,no-reload'
    const { result } = await lab([
      '--kernel',
      'host',
      '--case',
      cases,
      '--users',
      '80',
      '--keep-alive',
      '20',
      '--duration',
      '2',
    ])
    for (const name of cases.split(',')) {
      const cell = measured(result(), name)
      const { kept, load } = cell
      assert.equal(load.exchange, { kind: 'keep-alive', pauseMs: 20, requests: 10 })
      assert.equal(disagreements(cell), [], name)
      assert.is(cell.causes.unexplained, 0, name)
      assert.ok(kept && kept.requests > cell.connections && kept.answers <= kept.requests)
      assert.ok(Math.abs(2 * kept.posts - kept.requests) <= cell.connections)
      assert.ok(cell.reloads === 0 || cell.exposed === cell.reloads, 'connections that pause are exposed, too')
    }
    const [passing, onResponse] = [measured(result(), 'fd-passing'), measured(result(), 'idle-close-on-response')]
    assert.ok(passing.kept!.resets > 0)
    assert.is(passing.kept!.resets, passing.resets, 'no new connection is lost')
    assert.is(passing.causes.closed, passing.resets)
    assert.is(onResponse.resets, 0)
  },
)

exchanges('a case that is about kept connections runs under no other load', async () => {
  const { result } = await lab(['--kernel', 'host', '--case', 'none,close-spread-time', '--duration', '1'])
  assert.is(result().skipped.find((one) => one.case === 'close-spread-time')?.reason, 'needs --keep-alive MS')
})

exchanges('where the server speaks first, ACK block leaves every client waiting', async () => {
  const { result } = await lab(['--kernel', 'host', '--case', 'none,ack-block', '--banner', '--duration', '1'])
  const [none, block] = [measured(result(), 'none'), measured(result(), 'ack-block')]
  assert.ok(none.ok > 0)
  assert.equal(none.service, { asked: 32, answered: 32 })
  assert.is(block.ok, 0)
  assert.is(block.timeouts, block.connections)
  assert.equal(
    [none, block].map(({ causes }) => causes.unexplained),
    [0, 0],
  )
})

exchanges.run()
