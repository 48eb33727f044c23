import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openSide } from './side.ts'
import { bootsInTurns, ended, failures, pairsOf } from './turns.ts'

const { signal } = new AbortController()
const RUN = ['--kernel', 'host', '--case', 'none,fd-passing', '--users', '20', '--duration', '1']

test('boots of two sides are measured, and one that fails does not end the others', async () => {
  const one = await openSide('local', [RUN], ({ case: { name } }) => name === 'none', signal)
  const [cell] = one.cells
  assert.is(one.cells.length, 1)
  const gone = { ...cell!, proxy: { ...cell!.proxy, path: 'sha256:0' } }
  const sides = [
    { ...one, name: 'A', cells: [cell!, cell!] },
    { ...one, name: 'B', cells: [cell!, { ...gone, name: 'gone' }] },
  ]
  const boots = await bootsInTurns(sides, 1, signal)
  assert.equal(
    boots.map(({ side, cell }) => [side, cell]),
    [
      ['A', cell!.name],
      ['B', cell!.name],
      ['A', cell!.name],
      ['B', 'gone'],
    ],
  )
  assert.match(failures(boots).join(), /^- B, `gone`, round 1: .+/)
  for (const { told, seconds } of ended(boots)) {
    assert.ok(told.reloads > 0 && told.connections > 100 && told.perSecond > 0 && told.p99 > 0, JSON.stringify(told))
    assert.ok(seconds >= told.took && told.took > 1, `${seconds} s, ${told.took} s`)
  }
  const [pair] = pairsOf(boots, ['A', 'B'], ({ told }) => told.connections)
  assert.equal(
    pair,
    boots.slice(0, 2).map(({ told }) => 'connections' in told && told.connections),
  )
})

test.run()
