import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { measured } from '../fixture.ts'
import { understated } from './understated.ts'

const found = (refused: number, fromClient: number, closeWithRst = false) => {
  const all = measured([3, 4, 5], { refused })
  return understated({ ...all, wire: { ...all.wire, fromClient } }, { closeWithRst })
}

test('refusals are the least that there were where clients sent RSTs beside them', () => {
  assert.is(
    found(498, 702),
    'refused is a lower bound: 702 SYNs met the TIME_WAIT of their port while nobody listened, and were sent again',
  )
  assert.match(found(498, 1)!, '1 SYN met the TIME_WAIT of their port while nobody listened, and was sent again')
})

test('refusals without RSTs of clients are all, and RSTs of clients without refusals met a listener', () => {
  assert.is(found(498, 0), null)
  assert.is(found(0, 702), null)
})

test('RSTs of clients outside of reloads met nobody', () => {
  const all = measured([3, 4, 5], { refused: 29 })
  const again = (sentAgain: number) =>
    understated({ ...all, wire: { ...all.wire, fromClient: 8, sentAgain } }, { closeWithRst: false })
  assert.is(again(0), null)
  assert.match(again(2)!, '2 SYNs met the TIME_WAIT')
})

test('clients that close with a RST have sent them for that', () => {
  assert.is(found(235, 8970, true), null)
})

test.run()
