import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { accountHolds, lab, measured } from './harness.ts'

// ab over HTTPS end to end, on the running kernel: its own account, and the strict one of the wire.

const CASES = ['ab-reload', 'ab-restart', 'ab-transfer']

test('ab over HTTPS: each connection has its end on the wire, and none is lost where the sockets are passed on', async () => {
  const ran = await lab(['--kernel', 'host', '--case', CASES.join(), '--users', '10', '--duration', '2'])
  const result = ran.result()
  assert.equal(
    result.cells.map((cell) => cell.case),
    CASES,
    'each is compared with another of them',
  )
  for (const name of CASES) {
    const cell = measured(result, name)
    accountHolds(cell)
    assert.ok(cell.wire.behindFin > cell.ok / 2, `${name}: ${cell.wire.behindFin} RSTs behind the FIN, ${cell.ok} ok`)
    const { runs, silent, complete } = cell.ab!
    assert.is(complete, 2000 * (runs - silent))
    assert.equal(cell.service, { asked: 32, answered: 32 })
  }
  const [restart, transfer] = [measured(result, 'ab-restart'), measured(result, 'ab-transfer')]
  assert.ok(restart.resets > 0 && restart.short > 0, `${restart.resets} resets, ${restart.short} short`)
  assert.ok(restart.ab!.failed + restart.ab!.silent > 0, 'ab saw some of it')
  assert.equal([transfer.resets, transfer.short, transfer.other, transfer.ab?.failed], [0, 0, 0, 0])
})

test.run()
