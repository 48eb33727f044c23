import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BrokenFrames, FrameReader, frame, sizeData } from './frames.ts'

const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
const stream = Buffer.concat([
  frame('O', all),
  frame('E', Buffer.from('{"n":9}\n')),
  frame('A', Buffer.from([1, 2])),
  frame('O', Buffer.alloc(1024, 7)),
  frame('X', Buffer.from([3])),
])
const whole = [
  ['O', all.toString('hex')],
  ['E', Buffer.from('{"n":9}\n').toString('hex')],
  ['A', '0102'],
  ['O', '07'.repeat(1024)],
  ['X', '03'],
]
const shown = (reader: FrameReader, bytes: Buffer) =>
  reader.take(bytes).map(({ kind, data }) => [kind, data.toString('hex')])

test('a frame is its kind, its size with the higher byte first, and its data', () => {
  assert.equal(frame('I', Buffer.from('ls\n')), Buffer.from('I\0\x03ls\n'))
  assert.equal(frame('O', Buffer.alloc(515)).subarray(0, 3), Buffer.from('O\x02\x03'))
  assert.equal(frame('I'), Buffer.from('I\0\0'))
  assert.equal(frame('S', sizeData({ rows: 24, columns: 300 })), Buffer.from([0x53, 0, 4, 0, 24, 1, 44]))
  assert.throws(() => frame('I', Buffer.alloc(1025)), /1025 bytes; the most are 1024/)
})

test('all bytes come through, however the stream is cut', () => {
  assert.equal(shown(new FrameReader(), stream), whole)
  for (const size of [1, 2, 3, 7, 256, 1027]) {
    const reader = new FrameReader()
    const found = []
    for (let at = 0; at < stream.length; at += size) found.push(...shown(reader, stream.subarray(at, at + size)))
    assert.equal(found, whole, `in pieces of ${size}`)
  }
})

test('behind the status come no frames', () => {
  const reader = new FrameReader()
  assert.equal(shown(reader, Buffer.concat([stream, Buffer.from('{"n":5,')])), whole)
  assert.equal([reader.ended, reader.rest.toString()], [true, '{"n":5,'])
  assert.is(new FrameReader().ended, false)
})

const isBroken = (error: Error) => error instanceof BrokenFrames

test('anything else is told', () => {
  const broken = (bytes: Buffer) => () => new FrameReader().take(bytes)
  assert.throws(broken(Buffer.from('?\0\0')), isBroken)
  assert.throws(broken(frame('I')), isBroken, 'a frame of the other direction')
  assert.throws(broken(Buffer.from('O\x04\x01')), isBroken, 'a size that none has')
})

test.run()
