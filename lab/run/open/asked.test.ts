import { createHash } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseRequest } from '../../cli/options/run.ts'
import { controlOf } from '../../measure/verdict/judged.ts'
import { type Cell, proxyName } from '../../model/cell.ts'
import type { Shard } from '../../model/result/shard.ts'
import { askedOf } from './asked.ts'
import { planOf } from './fixture.ts'

const COMMANDS = [
  '--kernel 6.1',
  '--kernel 6.1 --case none,no-reload',
  '--kernel 4.9,host --case fd-passing,syn-delay* --proxy haproxy:2.6,nginx --maxaccept 4,64 --users 20,80',
  '--kernel 5.10,6.1 --until-sure --case * --case shards* --case syn-delay-ifb',
  '--kernel *,host',
  '--kernel 6.1,6.12 --keep-alive 20',
  '--kernel 4.9 --experiment fused-ack,production-rule,latency-price,nginx',
  '--kernel 4.9,6.1 --experiment *',
]
const COUNTS = [1, 3, 8, 30]
/** So many rows take their time. */
const countsFor = (command: string) => (command.endsWith('*') && command.includes('experiment') ? [8] : COUNTS)

/** All of a cell but its name, which may tell proxies apart where a shard has but one; readable, and short. */
function inFull({ name: _, ...cell }: Cell): string {
  const { kernel, proxy, load } = cell
  const hash = createHash('sha256').update(JSON.stringify(cell)).digest('hex').slice(0, 8)
  return `${cell.case.name} under ${load.name} on ${kernel.name} with ${proxyName(proxy)}: ${cell.boots} × ${load.duration} s ${hash}`
}

for (const command of COMMANDS)
  test(`${command}: its shards are the whole run, and each has the controls of its cases`, async () => {
    const options = await parseRequest(command.split(' '), {})
    const whole = (await planOf(await askedOf(options))).cells
    const known = new Set(whole.map(inFull))
    for (const of of countsFor(command)) {
      const found: Cell[] = []
      for (let index = 1; index <= of; index++) {
        const asked = await askedOf({ ...options, shard: { index, of } })
        const { cells, experiments } = await planOf(asked)
        assert.equal(
          cells.filter((cell) => !known.has(inFull(cell))).map(({ name }) => name),
          [],
          `${index}/${of}: not in the whole run`,
        )
        for (const cell of cells) {
          const all = (some: Cell[]) => some.map((one) => ({ cell: one }))
          const [here, there] = [cells, whole].map((some) => controlOf({ cell }, all(some))?.cell)
          assert.is(here && inFull(here), there && inFull(there), `${index}/${of}: the control of ${cell.name}`)
        }
        const rows = experiments.flatMap(({ rows }) => rows.flatMap((row) => row.cells))
        assert.ok(rows.every((name) => cells.some((cell) => cell.name === name)))
        found.push(...cells)
      }
      assert.equal([...new Set(found.map(inFull))].sort(), [...known].sort(), `${of} shards`)
      const tested = found.filter((cell) => !cell.case.control).map(inFull)
      assert.is(tested.length, new Set(tested).size, `${of} shards: a case in two of them`)
      if (of === 1) assert.is(found.length, whole.length)
    }
  })

test('names of cells are those of the whole run', async () => {
  const options = await parseRequest(['--kernel', '6.1', '--proxy', 'haproxy,nginx', '--case', 'none,fd-passing'], {})
  const names = async (shard?: Pick<Shard, 'index' | 'of'>) =>
    (await planOf(await askedOf({ ...options, shard }))).cells.map(({ name }) => name)
  assert.equal([...(await names({ index: 1, of: 2 })), ...(await names({ index: 2, of: 2 }))], await names())
})

test('shards of one command know each other, whatever they leave open, and those of others they do not', async () => {
  const commandOf = async (...argv: string[]) => (await askedOf(await parseRequest(argv, {}))).shard!.command
  const of = (...argv: string[]) => commandOf('--kernel', '6.1', ...argv)
  const one = await of('--shard', '1/3')
  assert.is(await of('--shard=2/3', '--out', 'x', '--jobs', '2'), one)
  for (const other of [
    ['--case', 'none'],
    ['--boots', '3'],
    ['--seed', '2'],
    ['--experiment', 'nginx'],
  ])
    assert.is.not(await of('--shard', '2/3', ...other), one)
})

test('a shard asks only for its own kernels and proxies, and for no capacity that it does not need', async () => {
  const options = await parseRequest(['--kernel', '5.10,6.1', '--proxy', 'haproxy,nginx'], {})
  const asked = async (index: number) => (await askedOf({ ...options, shard: { index, of: 8 } })).requests
  for (let index = 1; index <= 8; index++) {
    const [request, ...others] = await asked(index)
    assert.is(others.length, 0)
    assert.equal(
      [request!.kernels, request!.only!.proxies, request!.only!.loads].map((some) => some!.length),
      [1, 1, 1],
    )
  }
})

test.run()
