import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lay, scratchWithCache } from '../../../images/fixtures/files.ts'
import { cpuNumbers, type Pair, pairsOf, slotsOf } from './pairs.ts'
import { readCores } from './topology.ts'

const { dir, end } = scratchWithCache('cpus')
test.after(end)

const numbers = (pairs: Pair[]) => pairs.map(({ proxy, generator }) => [proxy, generator])
const range = (count: number) => Array.from({ length: count }, (_, i) => i)

test('CPUs go two by two, an odd one is left out, a single one serves twice', () => {
  assert.equal(numbers(pairsOf([0, 1])), [[0, 1]])
  assert.equal(numbers(pairsOf([2, 3, 6, 7, 9])), [
    [2, 3],
    [6, 7],
  ])
  assert.equal(pairsOf([5]), [{ proxy: 5, generator: 5, cores: [5], oneCore: false }])
})

/** Four cores of two threads, as machines number them. */
const APART = range(4).map((core) => [core, core + 4])
const BESIDE = range(4).map((core) => [2 * core, 2 * core + 1])

test('no two threads of a core: as if nothing were known', () => {
  const alone = range(4).map((cpu) => [cpu])
  assert.equal(pairsOf(range(4), alone), pairsOf(range(4)))
  assert.is(slotsOf(pairsOf(range(4), alone)), 2)
})

for (const [how, cores, expected] of [
  [
    '0 and 4',
    APART,
    [
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ],
  ],
  [
    '0 and 1',
    BESIDE,
    [
      [0, 2],
      [4, 6],
      [1, 3],
      [5, 7],
    ],
  ],
] as const)
  test(`four cores of two threads, ${how}: two boots have cores of their own, and no pair is one core`, () => {
    const pairs = pairsOf(range(8), cores as number[][])
    assert.equal(numbers(pairs), expected)
    assert.is(slotsOf(pairs), 2)
    assert.not(pairs.some(({ oneCore }) => oneCore))
    assert.equal(
      [pairs[0]!.cores, pairs[1]!.cores],
      how === '0 and 4'
        ? [
            [0, 1, 4, 5],
            [2, 3, 6, 7],
          ]
        : [
            [0, 1, 2, 3],
            [4, 5, 6, 7],
          ],
    )
  })

test('three threads of two cores: one pair on both, whose cores count whole', () => {
  const pairs = pairsOf([0, 1, 4], APART)
  assert.equal(numbers(pairs), [[0, 1]])
  assert.equal(pairs[0]!.cores, [0, 1, 4, 5])
})

test('three whole cores: the second pair shares one with the first', () => {
  const pairs = pairsOf(range(6), [
    [0, 3],
    [1, 4],
    [2, 5],
  ])
  assert.equal(numbers(pairs), [
    [0, 1],
    [2, 3],
    [4, 5],
  ])
  assert.is(slotsOf(pairs), 1)
})

test('two threads of one core: it is said of the pair', () => {
  for (const cpus of [
    [0, 4],
    [1, 5],
  ])
    assert.equal(pairsOf(cpus, APART), [{ proxy: cpus[0]!, generator: cpus[1]!, cores: cpus, oneCore: true }])
})

test('cores that know less than all CPUs', () => {
  assert.equal(numbers(pairsOf([0, 1, 2, 3], [[0, 1]])), [
    [0, 2],
    [3, 1],
  ])
})

test('the cores of a machine are read once each, one that is offline or without a topology is none', () => {
  const threads = (cpu: number) => `machine/cpu${cpu}/topology/thread_siblings_list`
  const laid = { [threads(0)]: '0,2\n', [threads(1)]: '1,3\n', [threads(2)]: '0,2\n', [threads(3)]: '1,3\n' }
  lay(dir, { ...laid, [threads(10)]: '10-11\n', 'machine/cpu5/online': '0\n', 'machine/cpufreq/boost': '1\n' })
  assert.equal(readCores(`${dir}/machine`), [
    [0, 2],
    [1, 3],
    [10, 11],
  ])
  assert.equal(readCores(`${dir}/no-machine`), [])
  assert.equal(cpuNumbers('0-2,5'), [0, 1, 2, 5])
})

test.run()
