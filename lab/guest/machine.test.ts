import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cpuidIn, thisMachine } from './machine.ts'

const CPU = `processor	: 0
vendor_id	: AuthenticAMD
cpu family	: 26
model		: 2
model name	: AMD EPYC
stepping	: 1
cpu MHz		: 2596.124
`

test('CPUs of one model are told apart by family, model and stepping, and by nothing that changes by itself', () => {
  assert.is(cpuidIn(CPU), 'family 26, model 2, stepping 1')
  assert.is(cpuidIn(CPU.replace('2596.124', '3700.000')), cpuidIn(CPU))
  assert.is(cpuidIn(CPU.replace('family	: 26', 'family	: 25')), 'family 25, model 2, stepping 1')
  assert.is(cpuidIn(`${CPU}\n${CPU.replace('model		: 2', 'model		: 9')}`), cpuidIn(CPU), 'the first CPU tells')
  assert.is(cpuidIn('processor	: 0\nmodel name	: ARM\n'), undefined)
})

test('this machine says which start of which machine it is, and its name only among others', () => {
  const [alone, named] = [thisMachine(false), thisMachine(true)]
  assert.is(alone.name, undefined)
  assert.ok(named.name)
  assert.match(alone.start!, /^[0-9a-f]{8}$/)
  assert.equal({ ...named, name: undefined }, { ...alone, name: undefined })
})

test.run()
