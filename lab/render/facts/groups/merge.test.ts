import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Result } from '../../../model/result.ts'
import { twoProxies } from '../../fixtures/loads.ts'
import { oneKernel } from '../../fixtures/results.ts'
import { renderHtml } from '../../html/report.ts'
import { renderMarkdown } from '../../markdown/report.ts'
import { groupsOf } from './groups.ts'
import { merge } from './merge.ts'

/** A run with one proxy alone, as if it knew no other. */
function runOf(name: string): { label: string; root: string; result: Result } {
  const both = twoProxies()
  const cells = both.cells.filter(({ proxy }) => proxy.name === name && proxy.version !== '3.0.11')
  const cases = both.cases
    .filter(({ proxy }) => proxy === undefined || proxy === name)
    .map(({ proxy: _, ...facts }) => facts)
  const skipped = [{ kernel: cells.at(-1)!.kernel, case: 'syn-delay', reason: `not with ${name}` }]
  return { label: name, root: `../${name}`, result: { ...both, cells, cases, skipped } }
}

test('runs with a proxy each keep what a case is with each, and once what is the same', () => {
  const { result } = merge('compare', [], [runOf('haproxy'), runOf('nginx')])
  assert.equal(
    result.cases.map(({ name, proxy }) => (proxy ? `${name} ${proxy}` : name)).sort(),
    ['none haproxy', 'none nginx', 'ack-block', 'ebpf', 'fd-passing', 'syn-block', 'syn-delay', 'no-reload'].sort(),
  )
  const same = merge('compare', [], [runOf('haproxy'), runOf('haproxy')])
  assert.ok(same.result.cases.every(({ proxy }) => proxy === undefined))
  assert.is(same.result.cases.length, 7)
})

test('what a run skipped with its proxy is not skipped with that of another run', () => {
  const { result, labels } = merge('compare', [], [runOf('haproxy'), runOf('nginx')])
  assert.equal(
    groupsOf(result, labels).flatMap(({ label, skipped }) => skipped.map(({ reason }) => `${label}: ${reason}`)),
    ['6.1 nginx: not with nginx'],
  )
  assert.equal(
    merge('compare', [], [{ label: 'a', root: 'a', result: oneKernel() }]).result.skipped.map(({ case: name }) => name),
    ['my-case'],
  )
})

test('a report has the commands of a case with each proxy', async () => {
  for (const text of [renderMarkdown(twoProxies()), await renderHtml(twoProxies())]) {
    assert.match(text, 'Stop and start')
    assert.match(text, 'kill -QUIT $OLD')
    assert.match(text, 'haproxy -D -f $CFG')
  }
})

test.run()
