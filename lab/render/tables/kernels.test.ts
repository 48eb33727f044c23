import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { groupsOf } from '../facts/groups.ts'
import { merge } from '../facts/merge.ts'
import { manyKernels, oneKernel } from '../fixtures/results.ts'
import { bootText, kernelRows, kernelTables, rateText } from './kernels.ts'

test('a row a kernel, with what its cells say where nothing else does', () => {
  const result = { ...oneKernel(), kernels: [] }
  const [row] = kernelRows(result, groupsOf(result))
  assert.match(row!.banner!, ` Debian ${row!.version} (`)
  assert.is(row!.origin, null)
  assert.is(row!.rate!.case, 'no-reload')
  assert.ok(row!.imageSha256 && row!.banner!.includes(row!.kernel))
  const three = result.cells.slice(0, 3).map((cell, i) => ({
    ...cell,
    eachBoot: cell.eachBoot.map((boot) => ({ ...boot, bootMs: [3000, 1000, 2500][i]! })),
  }))
  const cells = three as typeof result.cells
  assert.is(bootText(kernelRows({ ...result, cells }, groupsOf({ ...result, cells }))[0]!), '2.50\u00a0s')
  const without = { ...result, cells: result.cells.filter((cell) => cell.case !== 'no-reload') }
  assert.is(rateText(kernelRows(without, groupsOf(without))[0]!), '995 (none)')
})

test('the running kernel does not boot, and features are told of each kernel', () => {
  const result = manyKernels()
  const rows = kernelRows(result, groupsOf(result))
  const host = rows.find(({ origin }) => origin === 'the running kernel')!
  assert.is(bootText(host), '-')
  const [, able] = kernelTables(rows)
  assert.ok(able!.table.head.includes('reuseport'))
  assert.not(rows[0]!.features.reuseport!.has)
})

test('merged runs keep the facts of their kernels once, the oldest first, and link to the run that has the file', () => {
  const many = manyKernels()
  const [first, ...others] = many.kernels
  const run = (label: string, kernels: typeof many.kernels) => ({
    label,
    root: `../${label}`,
    result: { ...many, kernels },
  })
  const { result } = merge('compare', [], [run('a', [first!]), run('b', [first!, ...others])])
  assert.equal(
    result.kernels.map(({ series }) => series),
    ['2.6.32', '3.9', '4.9', '5.10', '6.1', '6.12', '6.18', '7.2'],
  )
  for (const { kernel, config } of result.kernels)
    if (config) assert.match(config.file, new RegExp(`^\\.\\./${kernel === first!.kernel ? '[ab]' : 'b'}/config-`))
  const rebuilt = { ...first!, imageSha256: 'f'.repeat(64) }
  assert.is(merge('compare', [], [run('a', [first!]), run('b', [rebuilt])]).result.kernels.length, 2)
})

test.run()
