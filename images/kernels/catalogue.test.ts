import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../lab/model/fault.ts'
import { KERNELS, matchKernels, originOf, seriesOfVersion } from './catalogue.ts'

test('a name or an alias stands for one series', () => {
  const names = KERNELS.flatMap(({ series, aliases }) => [series, ...aliases])
  assert.is(new Set(names).size, names.length)
})

test('takes series, aliases, globs, lists, versions, paths and host; each once', () => {
  assert.equal(matchKernels('6.1'), ['6.1'])
  assert.equal(matchKernels('bookworm,6.1'), ['6.1'])
  assert.equal(matchKernels('5.*'), ['5.10'])
  assert.equal(matchKernels('6.1,4.?,host'), ['6.1', '4.9', 'host'])
  assert.equal(matchKernels('6.1.0-56-cloud-amd64'), ['6.1.0-56-cloud-amd64'])
  assert.equal(matchKernels('./bzImage'), ['./bzImage'])
})

test('refuses what matches nothing, and names the choices', () => {
  for (const wrong of ['linux', '8.*', '5.4', '', '6.1,', '6.', '(']) {
    try {
      matchKernels(wrong)
      assert.unreachable(`took ${wrong}`)
    } catch (error) {
      assert.instance(error, Fault)
      assert.is((error as Fault).exit, 2)
      assert.match((error as Fault).message, '2.6.32, 3.2')
    }
  }
})

test('holds every series that the article names, and where it comes from', () => {
  const origins = Object.fromEntries(KERNELS.map((kernel) => [kernel.series, originOf(kernel)]))
  for (const series of ['2.6.32', '3.2', '3.16', '4.9', '4.19']) assert.is(origins[series], 'archive')
  assert.is(origins['3.9'], 'snapshot')
  for (const series of ['5.10', '6.1', '6.12', '7', 'backports', 'experimental']) assert.is(origins[series], 'live')
})

test('the names of a series begin with it', () => {
  for (const { series, prefix, from } of KERNELS) if (!from) assert.ok(prefix.startsWith(series) && prefix !== series)
})

test('finds the series of a version', () => {
  const series = (version: string) => seriesOfVersion(version).map(({ series }) => series)
  assert.equal(series('6.1.0-56-cloud-amd64'), ['6.1'])
  assert.equal(series('6.12.117-1'), ['6.12'])
  assert.equal(series('5.10.262-1'), ['5.10'])
  assert.equal(series('2.6.32-5-amd64'), ['2.6.32'])
  assert.equal(series('7.3.4-1~bpo13+1'), ['7', 'backports', 'experimental'])
  assert.equal(series('6.18'), ['7', 'backports', 'experimental'])
  assert.equal(series('9.99'), ['7', 'backports', 'experimental'])
  assert.equal(series('3.9-1-amd64'), ['3.9'])
  assert.equal(series('5.4'), [])
})

test.run()
