import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pairsOf } from '../guest/cpus.ts'
import type { Cpus } from '../guest/guest.ts'
import { CpuPool } from './cpus.ts'

const numbers = (pairs: Cpus[]) => pairs.map(({ proxy, generator }) => [proxy, generator])

test('CPUs go two by two, an odd one is left out, a single one serves twice', () => {
  assert.equal(numbers(pairsOf([0, 1])), [[0, 1]])
  assert.equal(numbers(pairsOf([2, 3, 6, 7, 9])), [
    [2, 3],
    [6, 7],
  ])
  assert.equal(numbers(pairsOf([5])), [[5, 5]])
})

/** Borrows a pair and keeps it until `end` is called. */
function borrow(pool: CpuPool) {
  let pair: Cpus | undefined
  let end = () => {}
  const ended = pool.lend(async (lent) => {
    pair = lent
    await new Promise<void>((resolve) => {
      end = resolve
    })
  })
  const giveBack = () => {
    end()
    return ended
  }
  return { pair: pair!, giveBack }
}

test('guests side by side share no CPU while there are pairs enough', async () => {
  const pool = new CpuPool(pairsOf([0, 1, 2, 3, 4, 5]))
  const three = [borrow(pool), borrow(pool), borrow(pool)]
  assert.is(new Set(numbers(three.map(({ pair }) => pair)).flat()).size, 6)
  await three[1]!.giveBack()
  assert.equal(borrow(pool).pair, three[1]!.pair, 'the free pair is lent, not one in use')
})

test('more guests than pairs: the pairs are shared evenly', () => {
  const pool = new CpuPool(pairsOf([0, 1, 2, 3]))
  const lent = Array.from({ length: 5 }, () => borrow(pool).pair.proxy)
  assert.equal(lent, [0, 2, 0, 2, 0])
})

test('a pair is free again when its guest fails', async () => {
  const pool = new CpuPool(pairsOf([0, 1, 2, 3]))
  const fails = pool.lend(async () => {
    throw new Error('no')
  })
  await fails.then(assert.unreachable, () => {})
  assert.is(borrow(pool).pair.proxy, 0)
})

test.run()
