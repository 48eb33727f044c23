import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../model/result.ts'
import { whole } from '../../model/text/amounts.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { merge } from '../facts/groups/merge.ts'
import { withExperiments } from '../fixtures/experiments.ts'
import { changed } from '../fixtures/results.ts'
import { renderHtml } from '../html/report.ts'
import { renderMarkdown } from '../markdown/report.ts'
import { renderTerminal } from '../terminal/report.ts'
import { experimentSections } from './experiments.ts'
import type { TableCell } from './table.ts'

const text = (cell: TableCell | undefined) => (cell === undefined || typeof cell === 'string' ? cell : cell.text)
const sections = (result: Result, runs?: string[]) => experimentSections(result, groupsOf(result, runs))
/** The two tables of an experiment on a kernel, as texts. */
function tables(result: Result, experiment: number, kernel: number) {
  const { tables } = sections(result)[experiment]!.kernels[kernel]!
  return tables.map(({ table: { head, rows } }) => ({
    head: head.map((one) => (typeof one === 'string' ? one : one.text)),
    rows: rows.map((row) => row.map(text)),
  }))
}

const RESULT = withExperiments()
const cell = (name: string, series: string, load = 'users-80') =>
  RESULT.cells.filter(isMeasured).find((one) => one.case === name && one.series === series && one.load.name === load)!

test('what the article printed stands beside what its tool would have printed here, kernel by kernel', () => {
  assert.equal(
    sections(RESULT).map(({ title, kernels }) => [title, kernels.map((kernel) => kernel.title)]),
    [
      ['Empty ACKs are dropped', ['4.9', '6.1']],
      ['Resets by load', ['4.9', '6.1']],
    ],
  )
  const [printed] = tables(RESULT, 0, 1)
  const { head, rows } = printed!
  assert.equal(head, ['', 'hits/s, article', 'hits/s, here', 'errs, article', 'errs, here', 'resets among hits'])
  const none = cell('none', '6.1')
  assert.equal(
    rows.map((row) => row[0]),
    ['plain', 'ACKs dropped', 'steered'],
  )
  // Begun a second, less what the tool would have called an error.
  const hits = whole((none.begunPerSecond * none.injectHits) / none.connections)
  assert.equal(rows[0], ['plain', '77,909', hits, '10', whole(none.injectErrs), whole(none.resets - none.injectErrs)])
  assert.equal(rows[1]!.slice(3), ['0', '0', whole(cell('ack-block', '6.1').resets)])
})

test('then comes what happened: the strict account, and the causes', () => {
  const [, strict] = tables(RESULT, 0, 1)
  const { head, rows } = strict!
  const none = cell('none', '6.1')
  const at = (name: string) => rows[0]![head.indexOf(name)]
  assert.equal([at('resets'), at('refused'), at('timeouts')], [whole(none.resets), '0', '0'])
  assert.equal([at('accept queue'), at('SYN_RECV')], [none.causes.acceptQueue, none.causes.synRecv].map(whole))
  const { tables: both } = sections(RESULT)[0]!.kernels[1]!
  const details = both[1]!.table.rows[0]!.flatMap((one) => (typeof one === 'string' ? [] : (one.detail ?? [])))
  assert.is(details[0], `${whole(none.resetsBeforeRequest)} + ${whole(none.resetsAfterRequest)}`)
  assert.match(details[1]!, /^\d.*–\d/)
})

test('what could not run there, or failed, has no numbers, and its reason', () => {
  const [printed, strict] = tables(RESULT, 0, 0)
  assert.is(tables(RESULT, 0, 1)[0]!.rows.length, 3, 'what another proxy of the run could not run is no line')
  assert.equal(printed!.rows[2]!.slice(0, 2), ['steered', '-'])
  assert.ok(printed!.rows[2]!.includes('not run'))
  assert.equal(strict!.rows[2]!.slice(0, 3), ['steered', '', 'not run'])
  const failed = { ...RESULT, cells: RESULT.cells.map((one) => ({ ...one, verdict: 'failed', consoleTail: [] })) }
  for (const { rows } of tables(failed as unknown as Result, 0, 1))
    for (const row of rows) assert.ok(row.includes('no numbers'), row.join())
})

test('where one version of a proxy could run a case and another could not, both are lines', () => {
  const [row] = RESULT.experiments[0]!.rows.slice(-1)
  const both = { ...row!, proxies: ['haproxy-2.6.12-maxaccept4', 'haproxy-1.7.0-maxaccept64'] }
  const experiments = [{ ...RESULT.experiments[0]!, rows: [both] }]
  const [printed] = tables({ ...RESULT, experiments }, 0, 1)
  assert.equal(
    printed!.rows.map((line) => line.slice(0, 2)),
    [
      ['steered', whole(cell('ebpf', '6.1').begunPerSecond)],
      ['steered, haproxy-1.7.0-maxaccept64', 'not run'],
    ],
  )
})

test('a row that nothing was measured of says so, and keeps what the article printed', () => {
  const cells = RESULT.cells.filter((one) => one.case !== 'ack-block')
  const [printed, strict] = tables({ ...RESULT, cells, interrupted: true }, 0, 1)
  assert.equal(printed!.rows[1], ['ACKs dropped', '132,422', 'not measured', '0', '-', '-'])
  assert.equal(strict!.rows[1], ['ACKs dropped', '', 'not measured'])
})

test('a row of several lines says what differs between them', () => {
  const [short] = tables(RESULT, 1, 1)
  assert.equal(
    short!.rows.map((row) => row[0]),
    ['plain, 80', 'plain, 50 % (640 a second)'],
  )
})

test('what kept connections lost, and what a case proved; a dash where none was kept, or nothing to be proved', () => {
  const kept = { requests: 900, posts: 450, answers: 880, resets: 12, resetPosts: 5, resetIdle: 4, shorts: 3 }
  const ran = changed(
    RESULT,
    'ack-block',
    { kept: { ...kept, resetsByReload: [12] }, proof: { value: 1234, byReload: null }, reloads: 8 },
    '6.1',
  )
  const [first] = ran.experiments
  const columns = ['reused resets', 'reused resets a reload', 'reset POSTs', 'empty replies', 'proof'] as const
  const result = { ...ran, experiments: [{ ...first!, columns: [...columns] }] }
  const [short] = tables(result, 0, 1)
  assert.equal(short!.rows[0], ['plain', '-', '-', '-', '-', '-'])
  assert.equal(short!.rows[1], ['ACKs dropped', '12', '1.50', '5', '3', '1,234'])
  const { note } = sections(result)[0]!.kernels[1]!.tables[0]!
  for (const words of ['what each case counts', 'that had had an answer']) assert.ok(note!.includes(words), note)
  assert.not.match(note!, 'inject')
})

test('a number that is in doubt has its mark, and its verdict', () => {
  const doubted = changed(RESULT, 'ack-block', { verdict: 'inconclusive' }, '6.1')
  const [, strict] = tables(doubted, 0, 1)
  assert.match(strict!.rows[1]![2]!, /\d\?$/)
})

test('each report has every table of every experiment, first of all', async () => {
  const terminal = renderTerminal(RESULT, false, undefined, 120)
  const markdown = renderMarkdown(RESULT)
  const html = await renderHtml(RESULT)
  for (const report of [terminal, markdown, html])
    for (const words of [
      'Does nothing get lost?',
      'How do they grow?',
      '132,422',
      'As the article prints it',
      'Lost connections, of a million: ',
      'No numbers: ',
      'steered',
    ])
      assert.ok(report.includes(words), words)
  assert.ok(markdown.indexOf('## Empty ACKs are dropped') < markdown.indexOf('## Summary'))
  assert.ok(html.indexOf('<h2>Empty ACKs are dropped') < html.indexOf('<h2>Kernels and cases'))
  for (const line of terminal.split('\n')) assert.ok(line.length <= 120, line)
})

test('runs that ask the same are one experiment in a comparison, and lead to the cells of each', () => {
  const label = (name: string) => ({ label: name, root: `../${name}`, result: RESULT })
  const { result, labels } = merge('compare', ['lab/compare.ts'], [label('one'), label('other')])
  assert.is(result.experiments.length, 2)
  assert.equal(
    sections(result, labels)[0]!.kernels.map(({ title, tables }) => [title, tables[0]!.table.rows.length]),
    ['4.9 (one)', '4.9 (other)', '6.1 (one)', '6.1 (other)'].map((title) => [title, 3]),
  )
  const others = {
    ...RESULT,
    experiments: RESULT.experiments.map((one) => ({ ...one, question: `${one.question} Really?` })),
  }
  const both = merge('compare', ['lab/compare.ts'], [label('one'), { ...label('other'), result: others }])
  assert.is(both.result.experiments.length, 4)
})

test.run()
