import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BrokenFrames, FrameReader, FrameWriter } from './frames.ts'

// What a log does to lines on their way: each kind of damage must be noticed.

const LONG = { text: `${'"\\\u{1F600}€'.repeat(4000)}end` }
const MESSAGES = [{ a: 1 }, LONG, ['two'], null]

function linesOf(messages: unknown[]): string[] {
  const lines: string[] = []
  const writer = new FrameWriter((line) => void lines.push(line.replace(/\n$/, '')))
  for (const message of messages) writer.send(message)
  writer.end()
  return lines
}

const lines = linesOf(MESSAGES)

function read(lines: string[], reader = new FrameReader()): unknown[] {
  return lines.flatMap((line) => {
    const whole = reader.take(line)
    return whole ? [whole.message] : []
  })
}

/** The mistake that is found in damaged lines, at the latest when their reader is asked whether it has all. */
function mistakeIn(damaged: string[]): string {
  const reader = new FrameReader()
  try {
    read(damaged, reader)
  } catch (error) {
    assert.instance(error, BrokenFrames)
    return (error as Error).message
  }
  return reader.ended ? 'none' : 'no end'
}

test('messages come as they were sent, in lines that no log splits', () => {
  const reader = new FrameReader()
  assert.equal(read(lines, reader), MESSAGES)
  assert.ok(reader.ended)
  assert.ok(lines.length > MESSAGES.length + 1, 'a long message has several frames')
  for (const line of lines) assert.ok(Buffer.byteLength(`${line}\n`) <= 16_384, `${Buffer.byteLength(line)} bytes`)
})

test('the longest line that a message can make is short enough', () => {
  for (const char of ['"', '\u0001', '€', '\ud800'])
    for (const line of linesOf([char.repeat(20_000)])) assert.ok(Buffer.byteLength(line) < 16_384, JSON.stringify(char))
})

test('any frame that is lost, doubled, cut or swapped is noticed', () => {
  for (const [i, line] of lines.entries()) {
    const others = lines.toSpliced(i, 1)
    const last = i === lines.length - 1
    assert.match(mistakeIn(others), last ? 'no end' : `frame ${i + 1} of the worker is missing`)
    assert.match(mistakeIn(lines.toSpliced(i, 0, line)), last ? 'more after its last frame' : 'is missing')
    assert.match(mistakeIn(lines.with(i, line.slice(0, -5))), 'is no frame')
    if (!last) assert.match(mistakeIn(lines.with(i, lines[i + 1]!).with(i + 1, line)), 'is missing')
  }
})

test('a frame whose text was changed is noticed by the hash, and a message without its end', () => {
  assert.match(mistakeIn(lines.with(0, lines[0]!.replace('1}', '2}'))), 'their SHA-256 differs')
  const [first] = linesOf([LONG])
  const cut = JSON.stringify({ n: 2, f: 'end', sha256: '' })
  assert.match(mistakeIn([first!, cut]), 'the last message of the worker has no end')
})

test('a line that is no frame is shown', () => {
  assert.match(mistakeIn(['Segmentation fault']), /line 1 of the worker is no frame: .*"Segmentation fault"/)
  assert.match(
    mistakeIn([JSON.stringify({ n: 1, f: 'piece', text: 'no JSON' })]),
    'message 1 of the worker is not JSON',
  )
})

test('a log that is read again from anywhere gives each message once, and is checked as a whole', () => {
  for (let broke = 0; broke < lines.length; broke++) {
    const reader = new FrameReader()
    const before = read(lines.slice(0, broke), reader)
    reader.again()
    assert.equal([...before, ...read(lines, reader)], MESSAGES)
    assert.ok(reader.ended)
  }
  const reader = new FrameReader()
  read(lines.slice(0, 3), reader)
  reader.again()
  const changed = lines.with(0, lines[0]!.replace('1}', '2}'))
  assert.throws(() => read(changed, reader), 'message 1 of the worker is another one than when it was read before')
})

test('a message that was changed and given cannot be made good by reading it again', () => {
  const reader = new FrameReader()
  read([lines[0]!.replace('1}', '2}'), ...lines.slice(1, 3)], reader)
  reader.again()
  assert.throws(() => read(lines, reader), 'message 1 of the worker is another one than when it was read before')
})

test.run()
