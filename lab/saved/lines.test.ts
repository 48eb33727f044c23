import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { linesOf } from './lines.ts'

const folder = mkdtempSync(join(tmpdir(), 'hitless-test-'))
const path = join(folder, 'lines')
test.after(() => rmSync(folder, { recursive: true, force: true }))

function readBack(text: string): string[] {
  writeFileSync(path, text)
  return [...linesOf(path)]
}

test('the lines of a file, with or without an end of the last', () => {
  assert.equal(readBack(''), [])
  assert.equal(readBack('one'), ['one'])
  assert.equal(readBack('one\n\ntwo\n'), ['one', 'two'])
})

test('lines that are longer than a chunk, and letters on the border of two', () => {
  const long = `x${'é'.repeat(1 << 20)}`
  assert.equal(readBack(`a\n${long}\n${long}b\n`), ['a', long, `${long}b`])
})

test('more than a string may hold', () => {
  const [count, size] = [520, 1 << 20]
  const file = openSync(path, 'w')
  // What is not written is zeros, which take no disk.
  for (let i = 1; i <= count; i++) writeSync(file, '\n', i * size - 1)
  closeSync(file)
  let lines = 0
  for (const line of linesOf(path)) {
    assert.is(line.length, size - 1)
    lines++
  }
  assert.is(lines, count)
})

test('a line without end is refused before it is in memory', () => {
  const file = openSync(path, 'w')
  writeSync(file, '\n', 1 << 30)
  closeSync(file)
  assert.throws(() => [...linesOf(path)], /has a line of more than 64 MiB/)
})

test('a file that is not read to its end does not stay open', () => {
  const open = () => readdirSync('/proc/self/fd').length
  writeFileSync(path, 'one\ntwo\n')
  const before = open()
  for (const line of linesOf(path)) if (line) break
  assert.is(open(), before)
})

test.run()
