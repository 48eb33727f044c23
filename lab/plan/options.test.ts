import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../images/fault.ts'
import { type Options, parseOptions } from './options.ts'

const parsed = (...argv: string[]) => parseOptions(argv) as Options

test('the article, by default', () => {
  const { users, interval, rate, maxaccept, haproxy, case: cases } = parsed('--kernel', '6.1')
  assert.equal([users, interval, rate, maxaccept, haproxy, cases], [20, 100, null, null, '2.6', ['*']])
})

test('lists and repeats are one', () => {
  assert.equal(parsed('--kernel', '5.10,6.1', '--kernel', 'host').kernel, ['5.10', '6.1', 'host'])
})

test('a negative number is a value, with and without "="', () => {
  assert.is(parsed('--kernel', '6.1', '--maxaccept', '-1').maxaccept, -1)
  assert.is(parsed('--kernel', '6.1', '--maxaccept=-1').maxaccept, -1)
})

test('--help wins', () => {
  assert.type(parseOptions(['--help', '--kernel', '6.1']), 'string')
})

for (const [argv, message] of [
  [['--kernel', '6.1', '--users', '10001'], '--users "10001": expected a whole number from 1 to 10000'],
  [['--kernel', '6.1', '--duration', '0.5'], '--duration "0.5": expected a number from 1 to 3600'],
  [['--kernel', '6.1', '--seed', '1e3'], '--seed "1e3"'],
  [['--kernel', '6.1', '--accel', 'hvf'], '--accel "hvf": expected auto, kvm or tcg'],
  [['--kernel', '6.1', 'stray'], 'stray'],
  [['--kernel'], '--kernel'],
] as const)
  test(`refused: ${argv.join(' ')}`, () => {
    assert.throws(
      () => parseOptions([...argv]),
      (error: Fault) => error instanceof Fault && error.exit === 2 && error.message.includes(message),
    )
  })

test.run()
