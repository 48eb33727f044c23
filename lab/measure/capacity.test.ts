import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type CarryingBoot, capacityOf, untilSettled } from './capacity.ts'

const quiet = (perSecond: number): CarryingBoot => ({ perSecond, waited: 0.02, stolen: 0, spinUs: 32 })
const found = (...boots: CarryingBoot[]) => {
  const { perSecond, boots: all, unsettled } = capacityOf('qemu', boots)
  return { perSecond, leftOut: all.map(({ leftOut }) => leftOut), unsettled }
}

test('two boots that agree: the lesser counts', () => {
  assert.equal(found(quiet(5412), quiet(5596)), { perSecond: 5412, leftOut: [null, null], unsettled: null })
  assert.is(found(quiet(1000), quiet(1150)).unsettled, null)
  assert.is(found(quiet(1000), quiet(1151)).unsettled, 'no two of 2 quiet boots are within 15 % of each other')
})

test('of three the one that is far from the others is left out, be it slower or lucky', () => {
  assert.equal(found(quiet(4304), quiet(3452), quiet(4709)), {
    perSecond: 4304,
    leftOut: [null, 'slower than two others', null],
    unsettled: null,
  })
  assert.equal(found(quiet(6000), quiet(4304), quiet(4500)), {
    perSecond: 4304,
    leftOut: ['no other is within 15 % of it', null, null],
    unsettled: null,
  })
})

test('a boot that others disturbed does not count, for the same reasons as that of a cell', () => {
  const disturbed: [Partial<CarryingBoot>, string][] = [
    [{ waited: 0.16 }, 'its vCPUs waited for a CPU 16 % of the time'],
    [{ stolen: 0.04 }, "this host's own hypervisor took 4 % of its CPU time"],
    [{ spinUs: 44 }, 'the CPU was 38 % slower than in the fastest of these boots'],
  ]
  for (const [how, why] of disturbed) {
    const boots = [quiet(4396), { ...quiet(4390), ...how }] as const
    assert.equal(found(...boots), {
      perSecond: 4396,
      leftOut: [null, why],
      unsettled: '1 of 2 boots was quiet',
    })
    assert.equal(found(...boots, quiet(4500)), { perSecond: 4396, leftOut: [null, why, null], unsettled: null })
  }
  const unknown = { waited: null, stolen: null, spinUs: null }
  assert.is(found({ perSecond: 1000, ...unknown }, { perSecond: 1010, ...unknown }).unsettled, null)
})

test('where all were disturbed the second fastest is all there is, and that is said', () => {
  const boots = [3000, 2000, 2100, 1000].map((perSecond) => ({ ...quiet(perSecond), waited: 0.3 }))
  const { perSecond, unsettled, leftOut } = found(...boots)
  assert.equal([perSecond, unsettled], [2000, 'none of 4 boots were quiet'])
  assert.equal(leftOut, ['no other is within 15 % of it', null, null, 'slower than two others'])
  assert.equal(found(quiet(1000), quiet(2000), quiet(3000), quiet(4000)), {
    perSecond: 3000,
    leftOut: ['slower than two others', 'slower than two others', null, null],
    unsettled: 'no two of 4 quiet boots are within 15 % of each other',
  })
})

test('boots until two agree, and four at most', async () => {
  const after = async (...carried: number[]) => {
    const { boots, perSecond } = await untilSettled('qemu', async (boot) => quiet(carried[boot - 1]!))
    return [boots.length, perSecond]
  }
  assert.equal(await after(2000, 2100), [2, 2000])
  assert.equal(await after(2000, 4000, 4100), [3, 4000])
  assert.equal(await after(2000, 4000, 8000, 2100), [4, 2000])
  assert.equal(await after(2000, 4000, 8000, 16_000), [4, 8000])
})

test.run()
