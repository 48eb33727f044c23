import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { either, globTest, meant, nearest } from './spelling.ts'

const CASES = ['none', 'ack-block', 'ebpf', 'fd-passing', 'syn-block', 'syn-delay', 'two-step', 'no-reload']

test('a typing error or two, a beginning, and nothing that is far', () => {
  assert.equal(nearest('syn-blok', CASES), ['syn-block'])
  assert.equal(nearest('SYN-BLOCK', CASES), ['syn-block'])
  assert.equal(nearest('fdpasing', CASES), ['fd-passing'])
  assert.equal(nearest('noen', CASES), ['none'])
  assert.equal(nearest('syn', CASES), ['syn-block', 'syn-delay'])
  assert.equal(nearest('reload', CASES), ['no-reload'])
  assert.equal(nearest('nginx', CASES), [])
  assert.equal(nearest('', CASES), [])
  assert.equal(nearest('x', []), [])
})

test('what was meant, as a question', () => {
  assert.is(meant('syn', CASES), ' (did you mean syn-block or syn-delay?)')
  assert.is(
    meant('user', ['users'], (word) => `--${word}`),
    ' (did you mean --users?)',
  )
  assert.is(meant('nginx', CASES), '')
})

test('alternatives as a list', () => {
  assert.equal([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(either), ['', 'a', 'a or b', 'a, b or c'])
})

test('a pattern is a glob, and never a regular expression', () => {
  const found = (pattern: string) => CASES.filter(globTest(pattern))
  assert.equal(found('syn-*'), ['syn-block', 'syn-delay'])
  assert.equal(found('?bpf'), ['ebpf'])
  assert.equal(found('*'), CASES)
  for (const pattern of [
    '(',
    '[',
    '\\',
    'a|none',
    'non+',
    '.*',
    'e.pf',
    '',
    '^none$',
    '{none}',
    '!none',
    '*(none)',
    '@(none)',
    '[n]one',
    '\\none',
  ])
    assert.equal(found(pattern), [], pattern)
  assert.ok(globTest('6.*')('6.12'))
  assert.not(globTest('6.*')('61'))
  for (const name of ['a-(b)[c]', '{a}', '!a', 'a\\b', 'a b', '.a', 'ä+😀', '@(a)', '#a', "a'b"])
    for (const pattern of [name, '*', `${name}*`]) assert.ok(globTest(pattern)(name), `${pattern} ${name}`)
})

test.run()
