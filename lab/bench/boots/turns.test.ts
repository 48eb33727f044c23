import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Engine } from '../../engine/engine.ts'
import type { Cell } from '../../model/cell.ts'
import { boot, failed } from './fixture.ts'
import { alike } from './side.ts'
import { bootsInTurns, ended, failures, inTurns, pairsOf, valuesOf } from './turns.ts'

test('sides take turns, from either end', () => {
  assert.equal(inTurns(['A', 'B'], 3).flat(), ['A', 'B', 'B', 'A', 'A', 'B'])
  assert.equal(inTurns(['a', 'b', 'c'], 2).flat(), ['a', 'b', 'c', 'c', 'b', 'a'])
})

test('boots of a cell in one round are run one behind the other, and one that fails is kept with its reason', async () => {
  const order: string[] = []
  const engine = (name: string): Engine => ({
    slots: 1,
    obstacle: async () => null,
    run: async ({ cell }) => {
      order.push(`${name} ${cell.name}`)
      return {
        kind: 'failed',
        facts: { command: [], vcpus: [], vcpusAtEnd: [] } as never,
        consoleTail: [],
        reason: 'no',
      }
    },
  })
  const cells = ['x', 'y'].map((name) => ({ name, kernel: {} }) as Cell)
  const sides = ['A', 'B'].map((name) => ({ name, engine: engine(name), cells }))
  const boots = await bootsInTurns(sides, 2, new AbortController().signal)
  assert.equal(order, ['A x', 'B x', 'A y', 'B y', 'B x', 'A x', 'B y', 'A y'])
  assert.equal([ended(boots), failures(boots).length], [[], 8])
  assert.is(failures(boots)[0], '- A, `x`, round 1: no')
})

test('only what both sides measured of a cell in one round is a pair', () => {
  const boots = [
    ...[boot('A', 'x', 1, { p99: 1 }), boot('B', 'x', 1, { p99: 2 })],
    ...[boot('B', 'x', 2, { p99: 4 }), failed('A', 'x', 2)],
    ...[boot('A', 'y', 1, { p99: 5 }), boot('B', 'y', 1, { p99: 6 })],
  ]
  const p99 = ({ told }: (typeof boots)[number] & { told: { p99?: number } }) => told.p99!
  assert.equal(pairsOf(boots, ['A', 'B'], p99 as never), [
    [1, 2],
    [5, 6],
  ])
  assert.equal(
    pairsOf(boots, ['A', 'B'], ({ cell, told }) => (cell === 'y' ? told.p99 : null)),
    [[5, 6]],
  )
  assert.equal(
    valuesOf(boots, 'B', ({ told }) => told.p99),
    [2, 4, 6],
  )
})

test('cells of other sides get the loads of the first, and keep their own parts', () => {
  const cell = (name: string, proxy: string, path: string, rate: number | null) =>
    ({ name, case: { name: 'none' }, proxy: { name: proxy, maxaccept: 4, path }, load: { rate } }) as Cell
  const planned = [cell('half', 'haproxy', 'here', 2000), cell('nginx-half', 'nginx', 'here', 900)]
  const parts = [cell('a', 'nginx', 'there-nginx', null), cell('b', 'haproxy', 'there', null)]
  assert.equal(
    alike(planned, parts).map(({ name, proxy, load }) => [name, proxy.path, load.rate]),
    [
      ['half', 'there', 2000],
      ['nginx-half', 'there-nginx', 900],
    ],
  )
  assert.throws(() => alike(planned, [parts[0]!]), 'half is not planned on each side')
})

test.run()
