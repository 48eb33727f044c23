import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured } from '../model/result.ts'
import { accountHolds, fixture, lab, measured, scratch } from './harness.ts'

// Several kernels in one run, and kernels by path. End to end.

/** An archive that does not exist, so its kernels are unavailable wherever this runs. */
const NOWHERE = ['--archive', `file://${join(scratch, 'nowhere')}`]
const FEW = ['--case', 'no-reload', '--duration', '1']

const kernels = suite('kernels')

kernels('an unavailable kernel is skipped with its reason, and the run goes on', async () => {
  const ran = await lab(['--kernel', '7,4.9,6.12', ...NOWHERE, ...FEW])
  const result = ran.result()
  assert.equal(
    result.kernels.map(({ series }) => series),
    ['6.12', result.kernels[1]!.series],
    'the oldest first',
  )
  assert.match(result.kernels[1]!.series, /^7\./)
  assert.is(result.cells.length, 2)
  for (const cell of result.cells.filter(isMeasured)) accountHolds(cell)
  assert.equal(
    result.skipped.map(({ kernel, case: name }) => [kernel, name]),
    [['4.9', '*']],
  )
  assert.match(result.skipped[0]!.reason, 'nowhere')
  assert.is(ran.status, 0, ran.stdout)
  assert.match(ran.stdout, '4.9')
})

kernels('exit 3 only when no kernel is available', async () => {
  for (const list of ['4.9', '2.6.32,4.9']) {
    const ran = await lab(['--kernel', list, ...NOWHERE, ...FEW])
    assert.is(ran.status, 3)
    assert.match(ran.stderr, 'nowhere')
    assert.is(ran.stdout, '')
  }
})

kernels('features are what the guest found: 5.10 has the sysctl tcp_migrate_req but not the feature', async () => {
  const ran = await lab(['--kernel', '5.10,6.1', ...fixture('no-migration'), '--duration', '1'])
  const { skipped, cells, kernels } = ran.result()
  const [old, young] = kernels
  assert.equal([old!.series, young!.series], ['5.10', '6.1'])
  assert.equal([old!.features.migration!.has, young!.features.migration!.has], [false, true])
  for (const { features } of kernels)
    for (const name of ['reuseport', 'plug-qdisc']) assert.ok(features[name]!.has, name)
  assert.equal(
    skipped.map(({ kernel, feature }) => [kernel, feature]),
    [[old!.kernel, 'migration']],
  )
  assert.match(skipped[0]!.reason, old!.features.migration!.said)
  assert.is(cells.length, 1)
})

kernels.run()

/** Paths of older kernels, which no mirror has any more, as --kernel takes them. */
const OLD = (process.env.HITLESS_OLD_KERNELS ?? '').split(',').filter(Boolean)
const old = suite('old kernels')

for (const path of OLD)
  old(
    `${path}: fd-passing loses nothing and none does; without SO_REUSEPORT connections are refused as well`,
    async () => {
      // Short: a fast 2.6.32 uses up its ports, which is a doubt where nothing listens at times.
      const ran = await lab(['--kernel', path, '--case', 'none,fd-passing,no-reload', '--duration', '2'])
      const result = ran.result()
      assert.is(result.cells.length, 3)
      for (const cell of result.cells.filter(isMeasured)) accountHolds(cell)
      assert.ok(measured(result, 'none').resets > 0)
      assert.is(measured(result, 'none').refused > 0, !result.kernels[0]!.features.reuseport!.has)
      assert.is(measured(result, 'fd-passing').resets + measured(result, 'fd-passing').refused, 0)
      assert.is(ran.status, 0, ran.stdout)
    },
  )
if (!OLD.length) old.skip('HITLESS_OLD_KERNELS names no old kernel', () => {})

old.run()
