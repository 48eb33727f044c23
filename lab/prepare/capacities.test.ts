import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { capacityOf } from '../measure/capacity.ts'
import { carriedText } from './capacities.ts'

const said = (...carried: [perSecond: number, waited?: number][]) =>
  carriedText(
    '6.1',
    capacityOf(
      'qemu',
      carried.map(([perSecond, waited = 0]) => ({ perSecond, waited, stolen: 0, spinUs: 30 })),
    ),
  )

test('the note says what each boot carried, which were left out, and why', () => {
  assert.is(
    said([5412], [5596]),
    '6.1 carries 5,412 and 5,596 connections a second in 2 boots: the load "half" and other shares are of the lesser',
  )
  assert.is(
    said([4304], [3452], [4709, 0.3], [4400]),
    '6.1 carries 4,304 and 4,400 connections a second in 2 of 4 boots: the load "half" and other shares are of the lesser; left out: boot 2 with 3,452 (slower than two others) and boot 3 with 4,709 (its vCPUs waited for a CPU 30 % of the time)',
  )
  assert.is(
    said([4304], [4300, 0.3]),
    '6.1 carries 4,304 connections a second in 1 of 2 boots: the load "half" and other shares are of that; left out: boot 2 with 4,300 (its vCPUs waited for a CPU 30 % of the time); uncertain: 1 of 2 boots was quiet',
  )
})

test.run()
