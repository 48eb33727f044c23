import { stripVTControlCharacters } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { actingIn, mayAct, plain, plainly, printable } from './plain.ts'

/** OSC 52 puts text into the clipboard of whoever looks at it. */
const CLIPBOARD = '\u001b]52;c;cm0gLXJmIH4K\u0007'
const RED = '\u001b[31mred\u001b[39m'
const UP = '\u001b[2A\u001b[2K'

test('what acts on a terminal is shown instead', () => {
  assert.is(plain(`a${CLIPBOARD}\tb\n`), 'a\\u001b]52;c;cm0gLXJmIH4K\\u0007\tb\n')
  for (const acting of ['\u0000', '\b', '\r', '\u001b', '\u007f', '\u0085', '\u009b', '\u202e', '\u2066'])
    assert.match(plain(acting), /^\\u[0-9a-f]{4}$/)
  for (const text of ['é', '€', '𝄞', '\u00a0', '─│', 'a\nb']) assert.is(plain(text), text)
})

test('everywhere in a value', () => {
  assert.equal(plainly({ a: [1, null, '\u001b'], '\u009b': true }), { a: [1, null, '\\u001b'], '\\u009b': true })
})

test('JSON that may hold such text is known by its characters', () => {
  for (const acting of ['\u001b', '\b', '\r', '\u007f', '\u009b', '\u202e'])
    assert.ok(mayAct(JSON.stringify({ said: acting })), JSON.stringify(acting))
  assert.not.ok(mayAct('{"n":1,"rows":[["A",2,3]]}'))
})

test('where it is', () => {
  assert.equal(actingIn({ a: 'x', b: [{ c: 'y\u001bz\u0007' }], '\u0007': 1 }), [
    { path: ['b', '0', 'c'], character: '\\u001b' },
    { path: [], character: '\\u0007' },
  ])
})

test('of what the lab prints its own colours remain, and where it draws, its cursor', () => {
  assert.is(printable(RED, false), RED)
  assert.is(printable(UP, true), UP)
  assert.is(printable(UP, false), '\\u001b[2A\\u001b[2K')
  for (const draws of [true, false]) {
    const text = printable(`${RED}${CLIPBOARD}\u009b2J`, draws)
    assert.is(text, `${RED}\\u001b]52;c;cm0gLXJmIH4K\\u0007\\u009b2J`)
    assert.is(stripVTControlCharacters(text), 'red\\u001b]52;c;cm0gLXJmIH4K\\u0007\\u009b2J')
  }
})

test.run()
