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

test('a run that went on with another image, or other changes of the lab, tells both', () => {
  const { host, lab } = by('X', '6.1')
  const made = (imageId?: string, changes?: string) => ({
    lab: { ...lab, ...(changes && { changes }) },
    host: { ...host, image: 'hitless:1', ...(imageId && { imageId }) },
  })
  assert.is(joinProvenance(made('a'), made('b')).host.imageId, 'a, then b')
  assert.is(joinProvenance(made('a'), made('a')).host.imageId, 'a')
  assert.is(joinProvenance(made(), made('b')).host.imageId, 'unknown, then b')
  assert.is(joinProvenance(made('a', '1'), made('a', '2')).lab.changes, '1, then 2')
  assert.is(joinProvenance(made('a', '1'), made('a')).lab.changes, '1, then none')
  assert.equal(joinProvenance(by('X', '6.1'), by('X', '6.1')), by('X', '6.1'), 'nothing is added')
})

test('a run that went on with other files of a lab without a commit tells both, or that it does not know', () => {
  const made = (commit: string | null, files?: string) => ({
    lab: { version: '1', commit, ...(files && { files }) },
    host: { kernel: '6', cpu: 'a', cpus: 2, qemu: null },
  })
  const joined = (was: ReturnType<typeof made>, is: ReturnType<typeof made>) => joinProvenance(was, is).lab.files
  assert.is(joined(made(null, '1'), made(null, '1')), '1')
  assert.is(joined(made(null, '1'), made(null, '2')), '1, then 2')
  assert.is(joined(made('a'), made(null, '2')), 'none, then 2')
  assert.is(joined(made(null), made(null, '2')), 'unknown, then 2')
  assert.is(joined(made(null), made('a')), undefined)
  assert.is(joined(made('a'), made('b')), undefined)
})

test.run()
