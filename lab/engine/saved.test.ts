import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { Case, FEATURES } from '../../cases/case.ts'
import none from '../../cases/none.ts'
import { EXIT, Fault } from '../../images/fault.ts'
import { copyRun, referenceRun } from '../fixtures/reference.ts'
import { pinsOf } from '../measure/pins.ts'
import { isMeasured, Measured, Provenance } from '../measure/result.ts'
import { type Cell, cellName } from '../plan/cell.ts'
import type { Done } from './local.ts'
import { readOutcomes, readRun, requireUnchanged, type SavedRun, saveOutcome, saveRun, stamps } from './saved.ts'

const result = referenceRun('6.1')
const measured = result.cells.find(isMeasured)!

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
let runs = 0
const silent = () => {}

/** A saved run of two cells that are made from files of its own, the first of which has ended. */
function saved() {
  const folder = join(scratch, String(++runs))
  const [image, haproxy, dir] = ['image', 'haproxy', 'dir'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  mkdirSync(dir, { recursive: true })
  for (const file of [image, haproxy]) writeFileSync(file, file)
  const has = { has: true, said: '' }
  const features = Object.fromEntries(FEATURES.map((name) => [name, has])) as Cell['kernel']['features']
  const cell = (name: string): Cell => ({
    guest: 'qemu',
    accel: 'tcg',
    kernel: { name: '6.1.0', series: '6.1', sha256: 'abc', image, modules: dir, features },
    root: { userland: dir, programs: dir },
    haproxy: { path: haproxy, version: '2.6.12' },
    case: v.parse(Case, { ...none, name }),
    load: measured.load,
    seed: 1,
  })
  const cells = [cell('none'), cell('other')]
  const kernels = [{ ...result.kernels[0]!, kernel: '6.1.0' }]
  const cases = [...result.cases, { ...result.cases[0]!, name: 'other' }]
  const skipped = [{ kernel: '3.9', case: '*', reason: 'cannot be had' }]
  const run: SavedRun = {
    ...result,
    argv: ['lab/run.ts', '--kernel', '6.*', '--out', folder],
    kernels,
    cases,
    cells,
    skipped,
    files: stamps(cells),
    caseFiles: {},
  }
  saveRun(folder, run)
  const done = doneOf(cells[0]!)
  mkdirSync(join(folder, done.provenance.folder))
  saveOutcome(folder, run, done, 12.5)
  return { folder, run, cells, done, image, haproxy, dir }
}

function doneOf(cell: Cell): Done {
  const { name, sha256 } = cell.kernel
  const of = { kernel: name, kernelSha256: sha256, case: cell.case.name, folder: cellName(cell) }
  const provenance = v.parse(Provenance, { ...measured, ...of })
  return { cell, provenance, measured: v.parse(Measured, measured), pins: pinsOf([], provenance.pins), backwards: 0 }
}

/** The fault that `act` ends with. */
function fault(act: () => unknown): Fault {
  try {
    act()
  } catch (error) {
    assert.instance(error, Fault)
    return error as Fault
  }
  throw new Error('no fault')
}

test('a run is read back as it was saved, with all that its cells are', () => {
  const { folder, run } = saved()
  const read = readRun(folder)
  assert.equal(read.cells, run.cells)
  assert.equal(read.skipped, run.skipped)
  assert.equal(read.files, run.files)
  assert.is(read.started, result.started)
  assert.equal(read.argv, run.argv)
})

test('what a cell has beside what is checked is kept', () => {
  const { folder, run, cells } = saved()
  saveRun(folder, { ...run, cells: [{ ...cells[0]!, later: 1 } as Cell] })
  assert.equal(readRun(folder).cells, [{ ...cells[0]!, later: 1 }])
})

test('cells that ended are read back, and how long the run took until then', () => {
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

test('what an earlier run left in the same folder, another kernel, or half a file is no outcome', () => {
  const { folder, run, cells } = saved()
  assert.equal(readOutcomes(folder, { ...run, started: 'another time' }, silent), { done: [], seconds: 0 })
  const rebuilt = { ...cells[0]!, kernel: { ...cells[0]!.kernel, sha256: 'def' } }
  assert.equal(readOutcomes(folder, { ...run, cells: [rebuilt] }, silent).done, [])
  writeFileSync(join(folder, cellName(cells[0]!), 'outcome.json'), '{"started": "20')
  assert.equal(readOutcomes(folder, run, silent).done, [])
})

/** What is said of a run whose first outcome was meddled with, and how many cells have ended then. */
function meddled(change: (outcome: { provenance: Provenance; measured: Measured }, cell: string) => void) {
  const { folder, run, cells } = saved()
  const cell = join(folder, cellName(cells[0]!))
  const outcome = JSON.parse(readFileSync(join(cell, 'outcome.json'), 'utf8'))
  change(outcome, cell)
  writeFileSync(join(cell, 'outcome.json'), JSON.stringify(outcome))
  const notes: string[] = []
  return { done: readOutcomes(folder, run, (line) => notes.push(line)).done.length, notes: notes.join('\n') }
}

test('an outcome whose parts do not sum, that is of another cell, or that its events deny, is not believed', () => {
  const sums = meddled(({ measured }) => measured.ok++)
  assert.is(sums.done, 0)
  assert.match(sums.notes, /outcome\.json is not believed, and the cell is run again: connections \d+: expected/)
  const other = meddled(({ provenance }) => {
    provenance.case = 'other'
  })
  assert.is(other.done, 0)
  assert.match(other.notes, 'case "other": expected "none", as planned')
  const kept = join(scratch, 'kept')
  copyRun('6.1', kept)
  const events = join(kept, measured.folder, 'events.jsonl')
  const denied = meddled((outcome, cell) => {
    cpSync(events, join(cell, 'events.jsonl'))
    outcome.measured.timeouts += 5
    outcome.measured.ok -= 5
  })
  assert.is(denied.done, 0)
  assert.match(denied.notes, /timeouts 5: its events\.jsonl says 0/)
  assert.equal(
    meddled((_, cell) => cpSync(events, join(cell, 'events.jsonl'))),
    { done: 1, notes: '' },
  )
})

const noCase = ({ cells, ...plan }: SavedRun) => ({
  ...plan,
  cells: cells.map((cell) => ({ ...cell, case: { ...cell.case, expects: [] } })),
})
const BROKEN: [what: string, spoilt: (plan: SavedRun) => string, message: RegExp][] = [
  [
    'half a file',
    (plan) => JSON.stringify(plan).slice(0, 300),
    /plan\.json is no plan: it is not JSON, or not all of it: /,
  ],
  ['another shape', () => '[]', /plan\.json is no plan: schema is missing: expected 1\n.*is no plan: name is missing/],
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
    /is no plan: cells\.1: its folder, \S+-none, is that of another cell, too/,
  ],
  [
    'a kernel and a case that it does not know',
    (plan) => JSON.stringify({ ...plan, kernels: [], cases: [] }),
    /is no plan: cells\.0\.kernel\.name "\S+": expected one of its kernels\n.*cells\.0\.case\.name "none": expected one of its cases/,
  ],
]
for (const [what, spoilt, message] of BROKEN)
  test(`plan.json: ${what}`, () => {
    const { folder, run } = saved()
    writeFileSync(join(folder, 'plan.json'), spoilt(run))
    const { exit, message: said } = fault(() => readRun(folder))
    assert.is(exit, EXIT.usage)
    assert.match(said, message)
    assert.match(said, folder)
  })

test('no plan.json', () => {
  assert.match(fault(() => readRun(join(scratch, 'no-such-run'))).message, 'there is no plan.json')
})

test('a file that is gone or has changed is named, with the command that makes the run anew', () => {
  const { run, cells, image, haproxy, dir } = saved()
  requireUnchanged(run, cells)
  utimesSync(haproxy, 1, 1)
  const changed = fault(() => requireUnchanged(run, cells))
  assert.is(changed.message.startsWith(`${haproxy} has changed`), true, changed.message)
  assert.is(changed.exit, EXIT.notReady)
  assert.is(changed.hint, "npx tsx lab/run.ts --kernel '6.*'")
  rmSync(image)
  assert.match(fault(() => requireUnchanged(run, cells)).message, `${image} is gone`)
  requireUnchanged(run, [])
  writeFileSync(image, '')
  rmSync(dir, { recursive: true })
  assert.match(fault(() => requireUnchanged({ ...run, files: {} }, cells)).message, `${dir} is gone`)
})

test('cells of the host need the kernel that it ran', () => {
  const { run, cells } = saved()
  const host = { ...cells[0]!, guest: 'host' as const }
  assert.match(fault(() => requireUnchanged(run, [host])).message, 'this host ran Linux 6.1.0 and now runs')
})

test.run()
