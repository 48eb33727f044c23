import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cpuKinds, isOneKind, kindOf } from './machine.ts'

const on = (cpu: string, cpuid?: string) => ({ machine: { cpu, ...(cpuid && { cpuid }), cpus: 2, kernel: '6.18' } })
const [OLD, ROME, MILAN] = [
  on('AMD EPYC'),
  on('AMD EPYC', 'family 23, model 49, stepping 0'),
  on('AMD EPYC', 'family 25, model 1, stepping 1'),
]

test('CPUs that a hypervisor calls by one name are two kinds where they say more', () => {
  assert.equal(cpuKinds([ROME, MILAN, ROME]), [kindOf(ROME.machine), kindOf(MILAN.machine)])
  assert.not(isOneKind(kindOf(ROME.machine), kindOf(MILAN.machine)))
})

test('a run that tells just the model goes with any kind of it, and with no other model', () => {
  assert.equal(cpuKinds([OLD, ROME]), [kindOf(ROME.machine)])
  assert.equal(cpuKinds([OLD, on('AMD EPYC 9')]), ['AMD EPYC', 'AMD EPYC 9'])
  assert.equal(cpuKinds([OLD, {}]), ['AMD EPYC'])
  assert.ok(isOneKind(kindOf(OLD.machine), kindOf(MILAN.machine)) && isOneKind(kindOf(MILAN.machine), 'AMD EPYC'))
  assert.not(isOneKind('AMD EPYC 9, family 25, model 1, stepping 1', 'AMD EPYC'))
})

test.run()
