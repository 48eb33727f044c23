import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { joinProvenance } from './provenance.ts'

const by = (cpu: string, kernel: string) => ({
  lab: { version: '1', commit: 'abc' },
  host: { kernel, cpu, cpus: 8, qemu: null, tools: { node: '20' } },
})

test('a run that went on elsewhere names both machines', () => {
  const { host } = joinProvenance(by('X', '6.1'), by('Y', '6.12'))
  assert.equal([host.cpu, host.kernel], ['X, then Y', '6.1, then 6.12'])
  assert.is(joinProvenance(by('X', '6.1'), by('X', '6.1')).host.cpu, 'X')
})

test.run()
