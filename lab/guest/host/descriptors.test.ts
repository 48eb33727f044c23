import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT, Fault } from '../../model/fault.ts'
import { descriptorsFor, requireDescriptors } from './descriptors.ts'

test('what is enough is enough, and one fewer is not', () => {
  for (const users of [1, 20, 500, 4975, 10_000]) {
    requireDescriptors(users, descriptorsFor(users))
    assert.throws(() => requireDescriptors(users, descriptorsFor(users) - 1), /descriptors/)
  }
  requireDescriptors(10_000, Number.POSITIVE_INFINITY)
})

test('the fault names the limit, how many users fit, and what to do', () => {
  try {
    requireDescriptors(10_000, 20_000)
    assert.unreachable()
  } catch (error) {
    assert.instance(error, Fault)
    const { exit, message, hint } = error as Fault
    assert.is(exit, EXIT.notReady)
    assert.match(message, '10000 connections at a time')
    assert.match(message, '40100 descriptors, and the hard limit here is 20000 (ulimit -Hn), enough for --users 4975')
    assert.match(hint!, 'ulimit -n 40100')
    requireDescriptors(4975, 20_000)
  }
})

test('where not even one user fits, none is promised', () => {
  assert.throws(() => requireDescriptors(20, 1024), /2100 descriptors, and the hard limit here is 1024 \(ulimit -Hn\)$/)
})

test.run()
