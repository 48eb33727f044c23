import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { boot, failed, MADE } from '../boots/fixture.ts'
import { scaleDocument } from './document.ts'
import type { ScaleRecord } from './record.ts'

const ENGINES = ['local', 'docker', 'swarm']
const CELLS = ['haproxy', 'nginx'].flatMap((proxy) =>
  ['saturated', 'half'].map((load) => ({
    ...{ name: `${proxy}-${load}`, proxy, load, users: 80, rate: load === 'half' ? 2000 : null },
  })),
)

/** Three rounds: docker takes a second more than here each time, and the Swarm more or less at random. */
const record = (): ScaleRecord => ({
  made: MADE,
  hosts: ENGINES.map((side) => ({
    side,
    host: { ...MADE.host, qemu: 'QEMU emulator version 7.2.22', tools: { docker: '20.10' } },
  })),
  sleep: 1000,
  asleep: [
    { workers: 1, orders: 10, ms: 20_000, loadAverage: [0.1, 0, 0] },
    { workers: 8, orders: 1000, ms: 900_000, loadAverage: [1.5, 1, 1] },
  ],
  cells: CELLS,
  boots: [1, 2, 3].flatMap((round) =>
    CELLS.flatMap(({ name }, i) => {
      const seconds = 7 + round + i
      const at = (side: string, more: number) => ({ ...boot(side, name, round, { took: 6 }), seconds: seconds + more })
      return [at('local', 0), at('docker', 1 + round / 100), at('swarm', i % 2 ? 1.5 : -1)]
    }),
  ),
  matrix: {
    kernels: 12,
    reloads: 180,
    proxies: [
      { name: 'haproxy', version: '2.6', cells: 100 },
      { name: 'nginx', version: '1.22', cells: 20 },
    ],
  },
})

test('engines are told apart by pairs, however far the rounds are apart', () => {
  const text = scaleDocument(record())
  assert.match(text, '| docker less local | 12 | 1.02 (1.01 to 1.03) | 1.02 (1.01 to 1.03) |')
  assert.match(text, /\| swarm less local \| 12 \| 0\.25 \(-.* to .*\), not told apart \|/)
  assert.match(text, '| local | 12 | 10.50 (8.00 to 13.00) | 6.00 (6.00 to 6.00) |')
})

test('the sum is made of the boots of both loads and proxies, round by round, and the Swarm hands out so many', () => {
  const text = scaleDocument(record())
  // 9 boots each of 8.5 s on average with HAProxy and 10.5 s with nginx, in the first round.
  const hours = (later: number) => ((9 * (100 * (8.5 + later) + 20 * (10.5 + later))) / 3600).toFixed(2)
  assert.match(text, `| local | 3 | 1,080 (1,080 to 1,080) | ${hours(1)} (${hours(0)} to ${hours(2)}) |`)
  assert.match(text, '| 8 | 1,000 | 900.0 s | 6,200 ms | 4,000 | 1.50 |')
  assert.match(text, /\| swarm \| 3 .* \| 0\.27 \(0\.27 to 0\.27\) \|/, '1,080 boots at 4,000 an hour')
  assert.match(text, '1,800 on 1, 4,000 on 8 and 4,000 on 64')
  const more = record()
  more.asleep.push({ workers: 40, orders: 40, ms: 72_000, loadAverage: [1, 1, 1] })
  const slower = scaleDocument(more)
  assert.match(slower, '1,800 on 1, 4,000 on 8 and 2,000 on 64')
  assert.match(slower, /\| swarm \| 3 .* \| 0\.54 \(0\.54 to 0\.54\) \|/, '1,080 boots at 2,000 an hour')
})

test('a round in which a boot failed makes no sum, and the failure is told', () => {
  const broken = record()
  broken.boots[0] = failed('local', CELLS[0]!.name, 1)
  const text = scaleDocument(broken)
  assert.match(text, '| local | 2 |')
  assert.match(text, '| docker less local | 11 |')
  assert.match(text, '- local, `haproxy-saturated`, round 1: it hung')
})

test.run()
