import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import none from '../../cases/none.ts'
import { proxyNamed } from '../../images/proxies/proxies.ts'
import { type MeasuredBoot, measureAgain } from '../measure/boot.ts'
import { CaseFile, FEATURES } from '../model/case/case.ts'
import { resolveCase } from '../model/case/resolve.ts'
import { bootFolder, type Cell } from '../model/cell.ts'
import { readEvents } from '../model/events.ts'
import type { ExperimentFacts } from '../model/experiment.ts'
import { EXIT } from '../model/fault.ts'
import { isMeasured } from '../model/result.ts'
import { faultOf } from './fixtures/fault.ts'
import { readOutcomes } from './outcomes.ts'
import { REFERENCE, referenceRun } from './reference.ts'
import { readRun, type SavedRun, saveOutcome, saveRun } from './run.ts'

const result = referenceRun('6.1')
const measured = result.cells.find(isMeasured)!
const kept = join(REFERENCE, '6.1', measured.folder)

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
let runs = 0
const silent = () => {}

/** A saved run of two cells of two boots each; the first boot of the first has ended. */
function saved() {
  const folder = join(scratch, String(++runs))
  mkdirSync(folder)
  const has = { has: true, said: '' }
  const features = Object.fromEntries(FEATURES.map((name) => [name, has])) as Cell['kernel']['features']
  const cell = (name: string): Cell => ({
    name: `6.1.0-${name}-saturated`,
    guest: 'qemu',
    accel: 'tcg',
    kernel: { name: measured.kernel, series: '6.1', sha256: 'abc', image: 'sha256:1', modules: 'sha256:2', features },
    root: { userland: 'sha256:3', programs: 'sha256:4' },
    proxy: { name: 'haproxy', path: 'sha256:5', version: '2.6.12', maxaccept: 4 },
    case: resolveCase(v.parse(CaseFile, { ...none, name }), proxyNamed('haproxy')),
    load: measured.load,
    boots: 2,
    seed: 1,
  })
  const cells = [cell('none'), cell('other')]
  const kernels = [{ ...result.kernels[0]!, kernel: measured.kernel }]
  const cases = [...result.cases, { ...result.cases[0]!, name: 'other' }]
  const skipped = [{ kernel: '3.9', case: '*', reason: 'cannot be had' }]
  const run: SavedRun = {
    ...result,
    argv: ['lab/run.ts', '--kernel', '6.*', '--out', folder],
    kernels,
    cases,
    cells,
    skipped,
    capacities: [],
    caseFiles: {},
  }
  saveRun(folder, run)
  const done = firstBoot(cells[0]!)
  cpSync(join(kept, bootFolder(1)), join(folder, cells[0]!.name, bootFolder(1)), { recursive: true })
  saveOutcome(folder, run, done, 12.5)
  return { folder, run, cells, done }
}

/** The first boot of a cell, as it was measured. */
function firstBoot(cell: Cell): MeasuredBoot {
  const { events } = readEvents(readFileSync(join(kept, bootFolder(1), 'events.jsonl'), 'utf8'))
  return measureAgain({ cell, boot: 1 }, measured.eachBoot[0]!, events) as MeasuredBoot
}

test('a run is read back as it was saved, with all that its cells are', () => {
  const { folder, run } = saved()
  const read = readRun(folder)
  assert.equal(read.cells, run.cells)
  assert.equal(read.skipped, run.skipped)
  assert.is(read.started, result.started)
  assert.equal(read.argv, run.argv)
})

test('boots that ended are read back, and how long the run took until then', () => {
  const { folder, run, done } = saved()
  assert.equal(readOutcomes(folder, run, silent), { done: [done], seconds: 12.5 })
})

test('a result that was written after the last cell says how long the run took', () => {
  const { folder, run } = saved()
  writeFileSync(join(folder, 'result.json'), JSON.stringify({ ...result, seconds: 20 }))
  assert.is(readOutcomes(folder, run, silent).seconds, 20)
  writeFileSync(join(folder, 'result.json'), JSON.stringify({ ...result, started: 'another time', seconds: 30 }))
  assert.is(readOutcomes(folder, run, silent).seconds, 12.5)
})

test('what an earlier run left in the same folder, or half a file, is no outcome', () => {
  const { folder, run, cells } = saved()
  assert.equal(readOutcomes(folder, { ...run, started: 'another time' }, silent), { done: [], seconds: 0 })
  writeFileSync(join(folder, cells[0]!.name, bootFolder(1), 'outcome.json'), '{"started": "20')
  assert.equal(readOutcomes(folder, run, silent).done, [])
})

test('a boot whose events are gone, cut, or do not add up is not believed', () => {
  const meddled = (change: (text: string) => string | null) => {
    const { folder, run, cells } = saved()
    const file = join(folder, cells[0]!.name, bootFolder(1), 'events.jsonl')
    const text = change(readFileSync(file, 'utf8'))
    if (text === null) rmSync(file)
    else writeFileSync(file, text)
    const notes: string[] = []
    const { done } = readOutcomes(folder, run, (line) => notes.push(line))
    return `${done.length} ${notes.join()}`
  }
  assert.is(
    meddled((text) => text),
    '1 ',
  )
  const again = 'outcome.json is not believed, and the boot is run again: '
  assert.match(
    meddled(() => null),
    `${again}events.jsonl is missing`,
  )
  assert.match(
    meddled((text) => text.slice(0, text.length / 2)),
    /^0 .*is run again: events\.jsonl: /,
  )
  assert.match(
    meddled((text) => text.replace(/("e":"load".*"ok":)/, '$11')),
    /^0 .*is run again: the account does not add up/,
  )
})

const noCase = ({ cells, ...plan }: SavedRun) => ({
  ...plan,
  cells: cells.map((cell) => ({ ...cell, case: { ...cell.case, expects: [] } })),
})
const ASKED: ExperimentFacts = {
  ...{ name: 'mine', title: 'Mine', question: 'Why?', source: 'the lab', columns: ['errs'] },
  rows: [{ label: 'plain', cases: ['none'], proxies: [], cells: [] }],
}
const BROKEN: [what: string, spoilt: (plan: SavedRun) => string, message: RegExp][] = [
  [
    'half a file',
    (plan) => JSON.stringify(plan).slice(0, 300),
    /plan\.json is no plan: it is not JSON, or not all of it: /,
  ],
  ['another shape', () => '[]', /plan\.json is no plan: schema is missing: expected 2\n.*is no plan: name is missing/],
  [
    'no cells',
    (plan) => JSON.stringify({ ...plan, cells: undefined }),
    /is no plan: cells is missing: expected a list/,
  ],
  [
    'a case that is none',
    (plan) => JSON.stringify(noCase(plan)),
    /is no plan: cells\.0\.case\.expects \[\]: expected a list, not empty/,
  ],
  [
    'cells that share a folder',
    (plan) => JSON.stringify({ ...plan, cells: [plan.cells[0], plan.cells[0]] }),
    /is no plan: cells\.1: its folder, \S+-none-saturated, is that of another cell, too/,
  ],
  [
    'a kernel and a case that it does not know',
    (plan) => JSON.stringify({ ...plan, kernels: [], cases: [] }),
    /is no plan: cells\.0\.kernel\.name "\S+": expected one of its kernels\n.*cells\.0\.case\.name "none": expected one of its cases/,
  ],
  [
    'a row of an experiment whose cell is not there',
    (plan) => JSON.stringify({ ...plan, experiments: [{ ...ASKED, rows: [{ ...ASKED.rows[0], cells: ['gone'] }] }] }),
    /is no plan: experiments: mine: "gone": expected one of its cells/,
  ],
]
for (const [what, spoilt, message] of BROKEN)
  test(`plan.json: ${what}`, () => {
    const { folder, run } = saved()
    writeFileSync(join(folder, 'plan.json'), spoilt(run))
    const { exit, message: said } = faultOf(() => readRun(folder))
    assert.is(exit, EXIT.usage)
    assert.match(said, message)
    assert.match(said, folder)
  })

test('no plan.json', () => {
  assert.match(faultOf(() => readRun(join(scratch, 'no-such-run'))).message, 'there is no plan.json')
})

test.run()
