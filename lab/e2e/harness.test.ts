import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { MeasuredCell } from '../model/result.ts'
import { cellOf } from '../render/fixtures/cell.ts'
import { accountHolds } from './harness.ts'

const CELL = cellOf('none', { kernel: '6.1.0-56-cloud-amd64', series: '6.1' })

/** The cell with one more RST on the wire than connections that were reset. */
const withRst = (wire: Partial<MeasuredCell['wire']>): MeasuredCell => {
  const { outRsts, fromServer, resets } = CELL.wire
  const more = { outRsts: outRsts + 1, fromServer: fromServer + 1, resets: resets + 1, unmatched: 1 }
  return { ...CELL, wire: { ...CELL.wire, ...more, ...wire } }
}

/** What is wrong with an account: assert.throws() takes no failed assertion for an error. */
function mistake(cell: MeasuredCell): string {
  try {
    accountHolds(cell)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

test('an account holds, also with a RST for a connection that was over', () => {
  assert.is(mistake(CELL), '')
  assert.is(mistake(withRst({ late: 1 })), '')
})

test('a RST that nothing explains is no account', () => {
  assert.is(mistake(withRst({})), 'generator, wire and kernel agree')
  const { acceptQueue } = CELL.causes
  // The kernel has reset one socket more than anybody saw.
  const uncounted = { ...withRst({ late: 1 }), causes: { ...CELL.causes, acceptQueue: acceptQueue + 1 } }
  assert.is(mistake(uncounted), 'generator, wire and kernel agree')
})

test('nor are counts that differ', () => {
  assert.is(mistake({ ...CELL, refused: 1, ok: CELL.ok - 1 }), 'generator, wire and kernel agree')
  assert.is(mistake({ ...CELL, ok: CELL.ok - 1 }), 'the strict account adds up')
  assert.is(mistake({ ...CELL, kernelResets: CELL.resets + 1 }), 'the kernel counts them, too')
  assert.is(mistake({ ...CELL, wire: { ...CELL.wire, missing: 1 } }), 'generator, wire and kernel agree')
})

test.run()
