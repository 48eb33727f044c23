import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Result } from '../../model/result.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { cellOf } from '../fixtures/cell.ts'
import { twoLoads, twoProxies } from '../fixtures/loads.ts'
import { SIX } from '../fixtures/results.ts'
import { renderHtml } from '../html/report.ts'
import { renderMarkdown } from '../markdown/report.ts'
import { renderTerminal } from '../terminal/report.ts'
import { comparisonSections } from './comparison.ts'
import type { Outcome } from './outcomes.ts'

/** Two proxies, of which nginx too has a reload of its own, on 6.1 alone. */
function withOwnReloads(): Result {
  const both = twoProxies()
  const nginx = { ...SIX, proxy: 'nginx', version: '1.22.1', maxaccept: 1 }
  const facts = (name: string, commands: Record<string, string[]>) => ({
    ...both.cases[0]!,
    name,
    proxy: undefined,
    control: undefined,
    commands,
    listeners: 'kept' as const,
  })
  return {
    ...both,
    cells: [...both.cells, ...['tested', 'hup'].map((name) => ({ ...cellOf('fd-passing', nginx), case: name }))],
    cases: [
      ...both.cases,
      facts('tested', { before: [':'], reload: ['nginx -t'] }),
      facts('hup', { reload: ['kill -HUP $OLD'] }),
    ],
  }
}

const section = (result: Result) =>
  comparisonSections(result, groupsOf(result)).find(({ title }) => title === 'Proxies side by side')
const caseOf = (outcome: Outcome) => (outcome && 'cell' in outcome ? outcome.cell.case : undefined)

test('the own reload of each proxy that keeps its listeners shares a row, below none, where several have one', () => {
  const { comparisons, notes } = section(withOwnReloads())!
  const rowsOf = (where: string) => comparisons.find(({ title }) => title === where)!.rows
  assert.equal(
    rowsOf('6.1, saturated').map(({ title }) => title),
    ['none', 'fd-passing / hup', 'syn-block'],
  )
  assert.equal(rowsOf('6.1, saturated')[1]!.outcomes.map(caseOf), ['fd-passing', 'fd-passing', 'hup'])
  assert.equal(
    rowsOf('4.9, saturated').map(({ title }) => title),
    ['none', 'syn-block'],
  )
  assert.ok(notes!.includes('`fd-passing` and `hup` share a row: each proxy’s own reload that keeps its listeners.'))
  assert.not(section(twoProxies())!.notes!.join().includes('share a row'))
})

test('a case that is something else with each proxy is told by what it is', async () => {
  const said = 'none is not the same with each: "No mitigation" with haproxy and "Stop and start" with nginx.'
  const text = (of: string) => of.replace(/<[^>]*>|[`\\]/g, '').replaceAll('&quot;', '"')
  for (const report of [
    renderMarkdown(twoProxies()),
    await renderHtml(twoProxies()),
    renderTerminal(twoProxies(), false),
  ])
    assert.is(text(report).split(said).length, 2)
  assert.not.match(renderMarkdown(twoLoads()), 'is not the same with each')
})

test.run()
