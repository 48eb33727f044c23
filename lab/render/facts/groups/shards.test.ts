import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exitStatus } from '../../../measure/verdict/status.ts'
import type { Result, ResultCell } from '../../../model/result.ts'
import { cellOf } from '../../fixtures/cell.ts'
import { factsOf, resultOf, SIX } from '../../fixtures/results.ts'
import { renderHtml } from '../../html/report.ts'
import { renderMarkdown } from '../../markdown/report.ts'
import { acrossKernels } from '../../sentences/across.ts'
import { kernelTables } from '../../tables/kernels.ts'
import { renderTerminal } from '../../terminal/report.ts'
import { groupsOf } from './groups.ts'
import { putTogether, type SavedShard, severalOfOne } from './shards.ts'

const FIVE = { kernel: '5.10.0-46-cloud-amd64', series: '5.10' }

/** A cell that ran on a machine with such a CPU. */
const on = (cpu: string, cell: ResultCell): ResultCell => ({
  ...cell,
  eachBoot: cell.eachBoot.map((boot) => ({ ...boot, machine: { name: cpu, cpu, cpus: 2, kernel: '6.18' } })),
})

function saved(index: number, of: number, cpu: string, cells: ResultCell[], more: Partial<Result> = {}): SavedShard {
  const host = { kernel: '6.18', cpu, cpus: 2, qemu: null }
  const shard = { index, of, command: 'x' }
  const result = resultOf(
    cells.map((cell) => on(cpu, cell)),
    { name: '6.1', host, shard, ...more },
  )
  return { label: `${index}`, root: `../${index}`, result: { ...result, shard } }
}

const compare = ['lab/compare.ts', '1', '2']
const six = (...names: string[]) => names.map((name) => cellOf(name, SIX))

test('shards become their run, in their order, and what several measured stays apart', () => {
  const result = putTogether(compare, [
    saved(2, 2, 'EPYC', six('none', 'ack-block')),
    saved(1, 2, 'EPYC', six('none', 'fd-passing')),
  ])
  assert.is(result.name, '6.1')
  assert.is(result.shard, undefined)
  assert.equal(result.shards!.missing, [])
  assert.equal(
    result.cells.map((cell) => `${cell.shard} ${cell.folder.split('/')[1]} ${cell.case}`),
    ['1 1 none', '1 1 fd-passing', '2 2 none', '2 2 ack-block'],
  )
  assert.equal(
    groupsOf(result).map(({ label, cells }) => `${label}: ${cells.map((cell) => cell.case)}`),
    ['6.1 (shard 1): none,fd-passing', '6.1 (shard 2): none,ack-block'],
  )
})

test('groups that were not split are as in a run of one machine', () => {
  const five = ['none', 'fd-passing'].map((name) => cellOf(name, FIVE))
  const result = putTogether(compare, [saved(1, 2, 'EPYC', five), saved(2, 2, 'EPYC', six('none', 'fd-passing'))])
  assert.equal(
    groupsOf(result).map(({ label }) => label),
    ['5.10', '6.1'],
  )
  const markdown = renderMarkdown(result)
  assert.match(markdown, 'Run 6.1 in 2 shards')
  assert.match(markdown, 'Host: Linux 6.18, 2 × EPYC.')
  assert.not.match(markdown, 'kind of CPU')
})

test('what was measured on several kinds of CPU says so, and no number of a kernel is of two', async () => {
  const result = putTogether(compare, [
    saved(1, 2, 'EPYC', six('none', 'fd-passing')),
    saved(2, 2, 'Xeon', [...six('none', 'ack-block'), cellOf('none', FIVE)]),
  ])
  const all = groupsOf(result)
  const said = 'measured on different kinds of CPU, so that what differs between them may be the machine: '
  const kinds = '5.10 and 6.1 (shard 2) on Xeon; 6.1 (shard 1) on EPYC'
  for (const report of [renderMarkdown(result), renderTerminal(result, false)]) {
    assert.match(report, said + kinds)
    assert.match(report, 'Not all of it was measured on one kind of CPU')
  }
  assert.match(await renderHtml(result), 'badge mixed')
  assert.match(renderMarkdown(result), 'Host: shard 1: Linux 6.18, 2 × EPYC; shard 2: Linux 6.18, 2 × Xeon.')
  assert.equal(
    kernelTables(result, all)[0]!.table.rows.map(([label]) => label),
    ['5.10', '6.1 (shard 1)', '6.1 (shard 2)'],
  )
})

test('a kernel whose loads ran on two kinds of CPU has a row of numbers for each', () => {
  const full = six('none')
  const half = full.map((cell) => ({ ...cell, load: { ...cell.load, name: 'half' } }))
  const result = putTogether(compare, [saved(1, 2, 'EPYC', full), saved(2, 2, 'Xeon', half)])
  assert.equal(
    kernelTables(result, groupsOf(result))[0]!.table.rows.map(([label]) => label),
    ['6.1 on EPYC', '6.1 on Xeon'],
  )
})

test('no difference between kernels is told of two kinds of CPU', () => {
  const lossy = cellOf('ack-block', SIX)
  const spared = { ...cellOf('fd-passing', FIVE), case: 'ack-block' }
  const words = (cpu: string) =>
    acrossKernels(groupsOf(putTogether(compare, [saved(1, 2, 'EPYC', [spared]), saved(2, 2, cpu, [lossy])]))).join('\n')
  assert.match(words('EPYC'), 'depends on the kernel')
  assert.not.match(words('Xeon'), 'depends on the kernel')
  assert.match(words('Xeon'), 'they ran on different kinds of CPU, which may be why')
})

test('missing shards are told at the top, and the run is not as expected', async () => {
  const cells = six('none', 'fd-passing')
  const complete = putTogether(compare, [saved(1, 2, 'EPYC', cells), saved(2, 2, 'EPYC', [])])
  assert.is(exitStatus(complete), 0)
  const result = putTogether(compare, [saved(1, 3, 'EPYC', cells)])
  assert.equal(result.shards!.missing, [2, 3])
  assert.is(exitStatus(result), 1)
  assert.match(renderMarkdown(result), '**missing** `shard 2/3`, `shard 3/3`')
  assert.match(await renderHtml(result), '2 shards missing')
  assert.match(renderTerminal(result, false), 'missing: shard 2/3, shard 3/3: what it measures is not here')
})

test('kernels of one name that are not the same image are two', () => {
  const facts = (imageSha256: string) => ({
    ...{
      ...SIX,
      origin: 'yours' as const,
      version: null,
      imageSha256,
      packageSha256: null,
      config: null,
      features: {},
    },
  })
  const mine = (hash: string) => six('none').map((cell) => ({ ...cell, kernelSha256: hash }))
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]
  const result = putTogether(compare, [
    saved(1, 2, 'EPYC', mine(a), { kernels: [facts(a)] }),
    saved(2, 2, 'EPYC', mine(b), { kernels: [facts(b)] }),
  ])
  const names = [a, b].map((hash) => `${SIX.kernel} (${hash.slice(0, 8)})`)
  assert.equal([result.cells.map(({ kernel }) => kernel), result.kernels.map(({ kernel }) => kernel)], [names, names])
})

/** Two shards, each with a kernel that was asked for so. */
const found = (...of: { kernel: string; version: string; hash: string; asked?: string[] }[]) =>
  putTogether(
    compare,
    of.map(({ kernel, version, hash, asked }, i) => {
      const kernelSha256 = hash.repeat(64)
      const cells = ['none', 'fd-passing'].map((name) => ({ ...cellOf(name, { kernel, series: '6.1' }), kernelSha256 }))
      const facts = { ...factsOf(cells[0]!, []), version, ...(asked && { asked }) }
      return saved(i + 1, of.length, 'EPYC', cells, { kernels: [facts] })
    }) as [SavedShard, ...SavedShard[]],
  )
const OLD = { kernel: '6.1.0-55-cloud-amd64', version: '6.1.190-1', hash: 'a' }
const NEW = { kernel: '6.1.0-56-cloud-amd64', version: '6.1.192-2', hash: 'b' }
const REBUILT = { ...OLD, version: '6.1.190-2', hash: 'c' }

test('a series that is not one kernel in all shards is told, with the kernels and their shards', async () => {
  const asked = ['6.1']
  const result = found({ ...OLD, asked }, { ...NEW, asked }, { ...OLD, asked: ['6.1.0-55'] })
  const said = 'not one kernel in all shards, so that what differs between them may be the kernel: '
  const each = '6.1.0-55-cloud-amd64 (6.1.190-1) in shards 1 and 3; 6.1.0-56-cloud-amd64 (6.1.192-2) in shard 2'
  assert.match(renderMarkdown(result), said + each)
  assert.match(renderMarkdown(result), '`--kernel 6.1`')
  assert.match(renderTerminal(result, false), said + each)
  assert.match(await renderHtml(result), 'badge mixed')
  assert.equal(severalOfOne(found({ ...OLD, asked }, { ...REBUILT, asked }))[0]!.kernels, [
    { name: '6.1.0-55-cloud-amd64 (aaaaaaaa) (6.1.190-1)', shards: [1] },
    { name: '6.1.0-55-cloud-amd64 (cccccccc) (6.1.190-2)', shards: [2] },
  ])
})

test('one kernel in all shards, two that were asked for, and shards that do not tell are no such thing', () => {
  const asked = ['6.1']
  assert.equal(severalOfOne(found({ ...OLD, asked }, { ...OLD, asked })), [])
  assert.equal(severalOfOne(found({ ...OLD, asked: ['6.1.0-55'] }, { ...NEW, asked: ['6.1.0-56'] })), [])
  assert.equal(severalOfOne(found(OLD, NEW)), [])
})

/** Two shards of a host like this one, and one like this but for something. */
function beside(
  other: Partial<Result['host']>,
  more: Partial<Result> = {},
  change = (cell: ResultCell) => cell,
): string {
  const host = { kernel: '6.18', cpu: 'EPYC', cpus: 2, qemu: 'QEMU 7.2', engine: 'docker' as const, image: 'hitless:1' }
  const at = (index: number, own: Partial<Result>, cells: ResultCell[] = six('none')) =>
    saved(index, 3, 'EPYC', cells, own)
  const sources = { 'nginx 1.22.1': '1.22.1-9', busybox: '1.35' }
  return renderMarkdown(
    putTogether(compare, [
      at(1, { host: { ...host, imageId: ID('a') }, sources }),
      at(2, { host: { ...host, imageId: ID('a'), ...other }, sources, ...more }, six('none').map(change)),
      at(3, { host: { ...host, imageId: ID('a') }, sources }),
    ]),
  )
}
const ID = (digit: string) => `sha256:${digit.repeat(64)}`

test('what else shards do not have in common is named, with the shards that have each', () => {
  assert.not.match(beside({}), 'mixed')
  assert.match(beside({ engine: 'swarm' }), 'not one engine, and ')
  assert.match(beside({ engine: 'swarm' }), ': docker in shards 1 and 3; swarm in shard 2')
  assert.match(beside({ qemu: 'QEMU 10' }), ': QEMU 7.2 in shards 1 and 3; QEMU 10 in shard 2')
  assert.match(beside({ kernel: '6.12' }), "not one host's kernel, and ")
  assert.match(beside({ kernel: '6.12' }), ': 6.18 in shards 1 and 3; 6.12 in shard 2')
  const accelerated = beside({}, {}, (cell) => ({ ...cell, accel: 'kvm' }))
  assert.match(accelerated, ': tcg in shards 1 and 3; kvm in shard 2')
  const onOneCore = (boots: number) => (cell: ResultCell) => ({
    ...cell,
    eachBoot: cell.eachBoot.map((boot, i) => (i < boots ? { ...boot, oneCore: true as const } : boot)),
  })
  const elsewhere = ': not known to be on one core in shards 1 and 3; '
  assert.match(beside({}, {}, onOneCore(2)), 'not one placement on cores, and ')
  assert.match(beside({}, {}, onOneCore(2)), `${elsewhere}on two threads of one core in shard 2`)
  assert.match(beside({}, {}, onOneCore(1)), `${elsewhere}in part on two threads of one core in shard 2`)
  const built = beside({ imageId: ID('b') })
  assert.match(built, 'images of one name that were built apart may have different packages')
  assert.match(built, 'hitless:1 (aaaaaaaaaaaa) in shards 1 and 3; hitless:1 (bbbbbbbbbbbb) in shard 2')
})

test('sources are those of all shards, and one of which they have two versions is named', () => {
  const other = { 'nginx 1.22.1': '1.22.1-10', haproxy: '2.6.12' }
  const both = { 'nginx 1.22.1': '1.22.1-9', busybox: '1.35' }
  const result = putTogether(compare, [
    saved(1, 2, 'EPYC', six('none'), { sources: both }),
    saved(2, 2, 'EPYC', six('none'), { sources: other }),
  ])
  assert.equal(result.sources, { 'nginx 1.22.1': '1.22.1-9; 1.22.1-10', busybox: '1.35', haproxy: '2.6.12' })
  assert.equal(
    result.shards!.each.map(({ sources }) => sources),
    [both, other],
  )
  const report = renderMarkdown(result)
  assert.match(report, 'not one version of nginx 1.22.1, and ')
  assert.match(report, ': 1.22.1-9 in shard 1; 1.22.1-10 in shard 2')
  assert.not.match(report, 'busybox, and')
})

test('what a shard does not tell, and one that measured nothing, differ from nothing', () => {
  assert.not.match(beside({ imageId: undefined, engine: undefined, qemu: null }, { sources: undefined }), 'mixed')
  const idle = { host: { kernel: '6.12', cpu: 'EPYC', cpus: 2, qemu: 'QEMU 10' } }
  const busy = { host: { ...idle.host, kernel: '6.18', qemu: 'QEMU 7.2' } }
  const result = putTogether(compare, [saved(1, 2, 'EPYC', six('none'), busy), saved(2, 2, 'EPYC', [], idle)])
  assert.not.match(renderMarkdown(result), 'mixed')
})

test('what a run had before it was resumed and what it has since is named', () => {
  const host = { kernel: '6.18', cpu: 'EPYC', cpus: 2, qemu: 'QEMU 7.2, then QEMU 10', image: 'x', imageId: 'y' }
  const report = (own: Partial<Result['host']>) => renderMarkdown(resultOf(six('none'), { host: { ...host, ...own } }))
  assert.match(report({}), 'not one QEMU, and what differs between them may be the QEMU: QEMU 7.2, then QEMU 10')
  const rebuilt = report({ qemu: 'QEMU 10', imageId: `${ID('a')}, then ${ID('b')}` })
  assert.match(rebuilt, 'x (aaaaaaaaaaaa, then bbbbbbbbbbbb)')
  assert.not.match(report({ qemu: 'QEMU 10' }), 'mixed')
})

test('a shard that was left over is well, and one whose kernels cannot be had is not', () => {
  const { result } = saved(3, 3, 'EPYC', [])
  assert.is(exitStatus(result), 0)
  assert.is(exitStatus({ ...result, skipped: [{ kernel: '3.9', case: '*', reason: 'gone' }] }), 3)
  assert.is(exitStatus({ ...result, shard: undefined }), 3)
})

test.run()
