import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Pair, pairsOf } from './pairs.ts'
import { CpuPool } from './pool.ts'

// One pool, which agrees with no other lab: that takes files (pool.system.test.ts).

const never = new AbortController().signal
const lend = <T>(pool: CpuPool, use: (pair: Pair) => Promise<T>, note = assert.unreachable as (line: string) => void) =>
  pool.lend(use, note, never)

/** Borrows a pair and keeps it until `giveBack` is called. */
async function borrow(pool: CpuPool) {
  let end = () => {}
  let ended: Promise<void> | undefined
  const pair = await new Promise<Pair>((lent, failed) => {
    ended = lend(pool, async (pair) => {
      lent(pair)
      await new Promise<void>((resolve) => {
        end = resolve
      })
    })
    ended.catch(failed)
  })
  const giveBack = () => {
    end()
    return ended
  }
  return { pair, proxy: pair.proxy, giveBack }
}

const many = (pool: CpuPool, count: number) => Promise.all(Array.from({ length: count }, () => borrow(pool)))
const firstOf = async (pool: CpuPool, count: number) => (await many(pool, count)).map(({ proxy }) => proxy)

test('guests side by side share no CPU while there are pairs enough', async () => {
  const pool = new CpuPool(pairsOf([0, 1, 2, 3, 4, 5]), null)
  const three = await many(pool, 3)
  assert.is(new Set(three.flatMap(({ pair }) => [pair.proxy, pair.generator])).size, 6)
  await three[1]!.giveBack()
  assert.equal((await borrow(pool)).pair, three[1]!.pair, 'the free pair is lent, not one in use')
})

test('more guests than pairs: the pairs are shared evenly', async () => {
  assert.equal(await firstOf(new CpuPool(pairsOf([0, 1, 2, 3]), null), 5), [0, 2, 0, 2, 0])
})

test('more guests than cores: threads that no guest is on come before others', async () => {
  const siblings = [0, 1, 2, 3].map((core) => [core, core + 4])
  const pool = new CpuPool(pairsOf([0, 1, 2, 3, 4, 5, 6, 7], siblings), null)
  assert.is(pool.slots, 2)
  assert.equal(await firstOf(pool, 5), [0, 2, 4, 6, 0])
})

test('a pair that is free again goes before one that would be shared', async () => {
  const pool = new CpuPool(pairsOf([0, 1, 2, 3]), null)
  const three = await many(pool, 3)
  await three[1]!.giveBack()
  assert.is((await borrow(pool)).proxy, 2)
})

test('a pair is free again when its guest fails', async () => {
  const pool = new CpuPool(pairsOf([0, 1, 2, 3]), null)
  const fails = lend(pool, async () => {
    throw new Error('no')
  })
  await fails.then(assert.unreachable, () => {})
  assert.is((await borrow(pool)).proxy, 0)
})

test('one that is interrupted before it has a pair gets none, and keeps no other waiting', async () => {
  const pool = new CpuPool(pairsOf([0, 1]), null)
  const taken: Pair[] = []
  const interrupted = pool.lend(async (pair) => taken.push(pair), assert.unreachable, AbortSignal.abort())
  assert.is(await interrupted.catch((error) => error.name), 'AbortError')
  assert.equal(taken, [])
  assert.is((await borrow(pool)).proxy, 0)
})

test.run()
