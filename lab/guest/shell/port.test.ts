import { Duplex } from 'node:stream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BrokenFrames, type Frame, frame } from './frames.ts'
import { ShellPort } from './port.ts'

const BOOT = '{"n":1,"e":"boot","t":5}\n'
const OPENS = '{"n":2,"e":"shell","t":7}\n'
const DONE = '{"n":3,"e":"done","t":9}\n'
const OUTPUT = Buffer.from(OPENS + DONE)
const whole = Buffer.concat([
  Buffer.from(BOOT + OPENS),
  frame('O', OUTPUT),
  frame('X', Buffer.from([7])),
  Buffer.from(DONE),
])

/** What a port makes of these pieces. */
async function told(pieces: Buffer[]) {
  const sent: Buffer[] = []
  const stream = new Duplex({
    read() {},
    write(bytes, _, done) {
      sent.push(bytes)
      done()
    },
  })
  const port = new ShellPort(stream)
  const frames: Frame[] = []
  const broken: Error[] = []
  port.on('frame', (frame) => frames.push(frame))
  port.on('broken', (error) => broken.push(error))
  port.send(frame('I', Buffer.from('ls')))
  for (const piece of pieces) stream.push(piece)
  stream.push(null)
  let events = ''
  for await (const text of port.events) events += text
  return { events, frames: frames.map(({ kind, data }) => kind + data), broken, sent: Buffer.concat(sent) }
}

const cut = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))

test('events, the frames of a shell behind the event that says so, and events again', async () => {
  for (const size of [1, 5, 1000]) {
    const { events, frames, broken, sent } = await told(cut(whole, size))
    assert.is(events, BOOT + OPENS + DONE)
    assert.equal(frames, [`O${OUTPUT}`, 'X\x07'])
    assert.equal(broken, [])
    assert.equal(sent, Buffer.from('I\0\x02ls'))
  }
})

test('a guest without a shell has events only, and one that dies ends them', async () => {
  const { events, frames } = await told([
    Buffer.from(`${BOOT}{"n":2,"e":"error","message":"\\"e\\":\\"shell\\""}\n{"n":3`),
  ])
  assert.is(events.split('\n').length, 3)
  assert.equal(frames, [])
})

test('what is no frame is told', async () => {
  const { broken } = await told([Buffer.from(BOOT + OPENS + DONE)])
  assert.is(broken.length, 1)
  assert.instance(broken[0], BrokenFrames)
})

test.run()
