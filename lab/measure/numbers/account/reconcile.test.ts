import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { disagreements, kernelResets, reconcile } from './reconcile.ts'

type Args = Parameters<typeof reconcile>

/** What the counts say of each other; the kernel's cause of each reset is the accept queue unless said. */
function compared([lost, rsts, outRsts]: Args, acceptQueue?: number) {
  const { wire } = reconcile(lost, rsts, outRsts)
  const resets = lost.filter(([how]) => how === 'A' || how === 'B').length
  const refused = lost.filter(([how]) => how === 'R').length
  const causes = { acceptQueue: acceptQueue ?? wire.active ?? 0, synRecv: 0, completing: 0, closed: 0, unexplained: 0 }
  return disagreements({ resets, refused, wire, causes })
}

test('each RST on the wire belongs to the connection that had its port at its time', () => {
  const args: Args = [
    [
      ['A', 40000, 1000, 2000],
      ['B', 40000, 900_000, 901_000],
    ],
    [
      ['A', 40000, 1500],
      ['R', 40000, 900_500],
    ],
    2,
  ]
  const { wire, times } = reconcile(...args)
  assert.is(wire.resets, 2)
  assert.is(wire.repeated, 0)
  assert.is(wire.active, 1)
  assert.is(kernelResets(wire), 2)
  assert.equal(times, [1500, 900_500], 'when the RST came, not when the generator noticed')
  assert.equal(compared(args), [])
})

test('a RST of the client that follows its giving up is told from its other ones', () => {
  const { givenUp, wire } = reconcile(
    [
      ['T', 40000, 1000, 8_001_000],
      ['A', 40002, 1000, 2000],
    ],
    [
      ['C', 40000, 8_001_200],
      ['C', 40000, 8_000_000],
      ['C', 40002, 2100],
      ['C', 40004, 8_001_200],
      ['A', 40002, 1500],
    ],
    5,
  )
  assert.is(givenUp, 1)
  assert.is(wire.fromClient, 4)
})

test('further RSTs of a connection are repeated, not more connections', () => {
  const { wire } = reconcile(
    [['A', 40000, 1000, 2000]],
    [
      ['A', 40000, 1500],
      ['R', 40000, 1501],
      ['R', 40000, 2100],
    ],
    3,
  )
  assert.is(wire.resets, 1)
  assert.is(wire.active, 1, 'one of them was its own')
  assert.is(wire.repeated, 2)
  assert.is(kernelResets(wire), 1)
})

test('a RST in reply that overtakes that of the socket itself does not make the reset one', () => {
  const overtaken = reconcile(
    [['A', 40000, 1000, 1600]],
    [
      ['R', 40000, 1500],
      ['A', 40000, 1539],
    ],
    2,
  )
  assert.is(overtaken.wire.active, 1)
  assert.is(overtaken.wire.repeated, 1)
  assert.equal(overtaken.times, [1500])
})

test('the wire counts without the generator: a reset filed as short is a disagreement', () => {
  assert.match(compared([[['S', 1, 0, 9]], [['S', 1, 5]], 1]).join(), 'the generator counts 0 resets, the wire shows 1')
  assert.match(compared([[['S', 1, 0, 9]], [['R', 1, 5]], 1]).join(), 'the generator counts 0 resets, the wire shows 1')
})

test('a reset that the generator forgot is a disagreement', () => {
  assert.match(compared([[], [['A', 40001, 1500]], 1]).join(), 'the wire shows a RST for 1 connection')
})

test('a reset that nobody sent is a disagreement, also when the sums agree', () => {
  const said = compared([[['A', 40000, 1000, 2000]], [['A', 40001, 1500]], 1]).join()
  assert.match(said, 'no RST on the wire for 1 reset')
  assert.match(said, 'the wire shows a RST for 1 connection')
})

test('a RST in reply to a late segment is explained if the kernel counts no socket for it', () => {
  const args: Args = [[], [['R', 40001, 1500]], 1]
  assert.equal(compared(args, 0), [])
  assert.is(kernelResets(reconcile(...args).wire), 0)
  // A client that the kernel reset and the generator has as well served: EstabResets has one too many.
  assert.match(compared(args, 1).join(), 'the wire shows a RST for 1 connection')
})

test('a RST in reply to a segment of a reset connection that was held up for long is explained', () => {
  const [reset, unanswered]: Args[0] = [
    ['A', 40000, 1000, 120_000],
    ['T', 40000, 1000, 120_000],
  ]
  const rsts: Args[1] = [
    ['R', 40000, 20_000],
    ['R', 40000, 130_000],
  ]
  assert.equal(compared([[reset!], rsts, 2]), [])
  // The generator has no reset of that port: it may have misfiled the first one. By the second it had given up.
  assert.match(compared([[unanswered!], rsts, 2]).join(), 'the wire shows a RST for 1 connection')
})

test("refusals and the client's own RSTs stand apart", () => {
  const args: Args = [
    [['R', 40000, 1000, 2000]],
    [
      ['Q', 40000, 1500],
      ['C', 40001, 1600],
    ],
    2,
  ]
  const { wire } = reconcile(...args)
  assert.equal([wire.refusals, wire.fromServer, wire.fromClient, wire.resets], [1, 1, 1, 0])
  assert.is(kernelResets(wire), 0)
  assert.equal(compared(args), [])
  assert.match(compared([[], [['Q', 40000, 1500]], 1]).join(), 'the generator counts 0 refusals, the wire shows 1')
})

test('RSTs that the kernel sent and the wire lacks remain in its count', () => {
  assert.is(kernelResets(reconcile([], [], 3).wire), 3)
  assert.match(compared([[], [], 3]).join(), 'the kernel sent 3 RSTs (OutRsts), the wire shows 0')
})

test('a RST behind the end of the stream, or behind a client that gave up, reset nobody', () => {
  const short: Args = [[['S', 40000, 1000, 2000]], [['A', 40000, 2500]], 1]
  assert.is(reconcile(...short).wire.late, 1)
  assert.equal(compared(short, 0), [])
  const timeout: Args = [[['T', 40000, 1000, 2000]], [['R', 40000, 2500]], 1]
  assert.equal(compared(timeout, 0), [])
  const before: Args = [[['S', 40000, 1000, 2000]], [['A', 40000, 1900]], 1]
  assert.is(reconcile(...before).wire.late, 0, 'the client would have seen it')
  assert.is(compared(before, 0).length, 2)
})

test('resets of reused connections are told apart', () => {
  const { reused } = reconcile(
    [
      ['A', 40000, 1000, 52_000, 2, 'G', 51_000],
      ['A', 40001, 1000, 52_000, 2, 'G', 51_000],
      ['A', 40002, 1000, 2000, 0, 'G', 1000],
    ],
    [
      ['A', 40000, 51_500],
      ['R', 40001, 51_600],
      ['A', 40002, 1500],
    ],
    3,
  )
  assert.equal(reused, { times: [51_500, 51_600], active: 1, replies: 1 })
})

test('RSTs behind a FIN reset nobody, and are in no count but their own', () => {
  const lost: Args[0] = [['B', 40000, 1000, 2000]]
  const args: Args = [
    lost,
    [
      ['A', 40000, 2000],
      ['E', 40002, 3000],
      ['F', 40004, 4000],
      ['F', 40006, 5000],
      ['D', 40008, 5500],
      ['C', 40008, 5600],
    ],
    6,
  ]
  const { wire, seen, closedAlone } = reconcile(...args)
  assert.equal([wire.outRsts, wire.fromServer, wire.fromClient], [3, 1, 2])
  assert.equal([wire.resets, wire.behindFin], [1, 3])
  assert.equal([seen, closedAlone], [[{ how: 'B', active: true }], 2], 'D and E')
  assert.equal(compared(args), [])
  // One that is behind a FIN on the wire, and a loss to the generator.
  assert.match(compared([[...lost, ['A', 40002, 2500, 3000]], args[1], 6]).join(), 'no RST on the wire for 1 reset')
})

test('a RST of its own accord that no lost connection has is none of the resets that are active', () => {
  const lost: Args[0] = [['B', 40000, 1000, 2000]]
  const both: Args[1] = [
    ['A', 40000, 2000],
    ['A', 40002, 3000],
  ]
  const { seen, wire } = reconcile(lost, both, 2)
  assert.equal([seen.filter(({ active }) => active).length, wire.active], [1, 2])
  assert.is(reconcile(lost, [['S', 40000, 2000]], 1).wire.active, null)
})

test.run()
