import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Result } from '../../model/result.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { merge } from '../facts/groups/merge.ts'
import { manyKernels, oneKernel } from '../fixtures/results.ts'
import { kernelTables } from './kernels.ts'

/** The table of what the kernels are, by the heads of its columns. */
function kernelsIn(result: Result) {
  const [what] = kernelTables(result, groupsOf(result))
  const { head, rows } = what!.table
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [head[i] as string, cell])))
}

test('a row a kernel, with what its cells say where nothing else does', () => {
  const result = { ...oneKernel(), kernels: [] }
  const tables = kernelTables(result, groupsOf(result))
  assert.is(tables.length, 1, 'what it can do is not known')
  const [row] = kernelsIn(result)
  const { kernel, kernelVersion, kernelSha256 } = result.cells[0]!
  assert.equal(row!.name, { text: kernel, about: kernelVersion })
  assert.match(kernelVersion!, ` Debian ${row!["Debian's version"]} (`)
  assert.equal([row!.origin, row!.package], ['-', '-'])
  assert.equal(row!.image, { text: kernelSha256!.slice(0, 12), about: kernelSha256 })
  assert.is(row!['conn/s'], '600')
  const three = result.cells.slice(0, 3).map((cell, i) => ({
    ...cell,
    eachBoot: cell.eachBoot.map((boot) => ({ ...boot, bootMs: [3000, 1000, 2500][i]! })),
  }))
  assert.is(kernelsIn({ ...result, cells: three as typeof result.cells })[0]!.boot, '2.50\u00a0s')
  const without = { ...result, cells: result.cells.filter((cell) => cell.case !== 'no-reload') }
  assert.is(kernelsIn(without)[0]!['conn/s'], '995 (none)')
})

test('the running kernel does not boot, and features are told of each kernel with what the attempt said', () => {
  const result = manyKernels()
  const host = kernelsIn(result).find(({ origin }) => origin === 'the running kernel')!
  assert.equal([host.boot, host.image, host.configuration], ['-', '-', '-'])
  const [, able] = kernelTables(result, groupsOf(result))
  const column = able!.table.head.indexOf('reuseport')
  assert.equal(able!.table.rows[0]![column], { text: '✕ no', about: 'Protocol not available' })
  assert.equal(able!.table.rows.at(-1)![column], { text: '✓ yes', about: 'ok' })
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
