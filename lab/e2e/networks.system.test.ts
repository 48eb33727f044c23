import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { accountHolds, lab, measured } from './harness.ts'

// The loopback, and a veth pair to a network namespace of the clients' own: on the running kernel, briefly.

test('clients behind a veth pair lose connections as those beside the proxy do, and all counts agree', async () => {
  const { result, stderr } = await lab(['--kernel', 'host', '--duration', '2', '--case', 'none,none-veth'])
  for (const [name, network] of [
    ['none', 'loopback'],
    ['none-veth', 'veth'],
  ] as const) {
    const cell = measured(result(), name)
    assert.ok(cell, stderr)
    assert.is(cell.network, network)
    assert.ok(cell.resets > 0, name)
    accountHolds(cell)
    assert.ok(cell.causes.acceptQueue > 0 && cell.causes.unexplained === 0, JSON.stringify(cell.causes))
    assert.equal(cell.service, { asked: 32, answered: 32 })
  }
})

test('nft drops packets in a guest', async () => {
  const { result, stderr } = await lab(['--kernel', 'host', '--duration', '1', '--case', 'ack-block-nft'])
  const { proof } = measured(result(), 'ack-block-nft')
  assert.ok(proof && proof.value > 0, stderr)
})

test.run()
