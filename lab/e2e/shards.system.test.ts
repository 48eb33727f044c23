import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, hostname } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { exitStatus } from '../measure/verdict/status.ts'
import type { Result, ResultCell } from '../model/result.ts'
import { resultIn } from '../saved/reference.ts'
import { lab, newRun, type Ran, start } from './harness.ts'

// A run in one piece and in shards, and shards that do not make up one.

const ASKED = ['--kernel', 'host', '--case', 'none,fd-passing,ack-block', '--duration', '1']
const shard = (index: number, ...more: string[]) => lab([...ASKED, ...more, '--shard', `${index}/3`])

const compare = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'lab/compare.ts', ...args], { encoding: 'utf8', timeout: 60_000 })

const [one, two, left] = [newRun(), newRun(), newRun()]
let whole: Ran

/** A copy of a saved run, with one of its files changed. */
function changed(run: string, file: string, how: (saved: Result) => void): string {
  const copy = newRun()
  cpSync(run, copy, { recursive: true })
  const saved = JSON.parse(readFileSync(join(copy, file), 'utf8'))
  how(saved)
  writeFileSync(join(copy, file), JSON.stringify(saved))
  return copy
}

const kinds = (cells: ResultCell[]) => [...new Set(cells.map((cell) => `${cell.case} ${cell.load.name}`))].sort()

test('the shards of a run have its cells, each with its machine, and controls in each', async () => {
  whole = await lab(ASKED)
  assert.ok(existsSync(join(whole.out, 'result.json')), whole.stderr)
  const shards = [await shard(1, '--out', one), await shard(2, '--out', two)]
  const out = newRun()
  const last = await shard(3, '--out', left)
  assert.is(last.status, 0, last.stderr)
  assert.match(last.stderr, 'shard 3/3: nothing to measure: there are more shards than parts')
  assert.equal(resultIn(left).cells, [])
  const { status, stderr } = compare(left, two, one, '--out', out)
  const result = resultIn(out)
  assert.is(status, exitStatus(result), stderr)
  assert.equal(kinds(result.cells), kinds(whole.result().cells))
  assert.is(result.cells.length, whole.result().cells.length + 1, 'the control is there twice, and no other case')
  assert.equal(
    result.cells.map((cell) => [cell.shard, cell.case]),
    [one, two].flatMap((run, i) => resultIn(run).cells.map((cell) => [i + 1, cell.case])),
  )
  for (const { machine } of result.cells.flatMap(({ eachBoot }) => eachBoot)) {
    assert.is(machine!.name, hostname())
    assert.is(machine!.cpu, cpus()[0]!.model)
  }
  assert.equal(result.shards!.missing, [])
  assert.equal(
    result.kernels.map(({ asked }) => asked),
    [['host']],
  )
  assert.equal(
    result.shards!.each.map(({ index, cells }) => [index, cells]),
    [
      [1, 2],
      [2, 2],
      [3, 0],
    ],
  )
  const report = readFileSync(join(out, 'report.md'), 'utf8')
  assert.match(report, 'Run host in 3 shards')
  assert.match(report, '(shard 2)')
  for (const { stderr } of shards) assert.match(stderr, /shard \d\/3: 2 cells on /)
  assert.is(whole.result().shard, undefined)
  assert.is(whole.result().cells[0]!.eachBoot[0]!.machine!.name, undefined, 'a run on one machine names none')
})

test('a missing shard is told with its command, and the run is not as expected', () => {
  const out = newRun()
  const { status, stderr } = compare(one, left, '--out', out)
  assert.is(status, 1)
  assert.match(stderr, '1 of 3 shards is missing: 2/3')
  const command = `npx tsx lab/run.ts ${ASKED.join(' ')} --shard 2/3 --users 20 --boots 1`
  assert.ok(stderr.includes(command), stderr)
  const report = readFileSync(join(out, 'report.md'), 'utf8')
  assert.match(report, '> **Missing:** 1 of its 3 shards.')
  assert.match(report, '**missing** `shard 2/3`')
})

test('a shard that is resumed stays that shard', async () => {
  const { status, stderr } = await start(['--resume', two]).ended
  assert.is(status, exitStatus(resultIn(two)), stderr)
  assert.equal(resultIn(two).shard!.index, 2)
})

test('what is not the shards of one run, each once, is refused', async () => {
  const other = await shard(3, '--seed', '2')
  const twice = newRun()
  cpSync(one, twice, { recursive: true })
  const elsewhere = changed(left, 'result.json', (result) => {
    result.lab.commit = 'another'
  })
  const dirty = changed(left, 'result.json', (result) => {
    result.lab.changes = 'another'
  })
  for (const [runs, message] of [
    [[one, two, other.out], 'a shard of another command, npx tsx lab/run.ts'],
    [[one, two, twice], 'shard 1/3, which '],
    [[one, two, whole.out], 'a whole run, and '],
    [[one, two, elsewhere], 'a shard by hitless '],
    [[one, two, dirty], 'changes another), and '],
  ] as const) {
    const { status, stderr, stdout } = compare(...runs, '--out', newRun())
    assert.is(status, 2, stderr)
    assert.match(stderr, message)
    assert.is(stdout, '')
  }
})

test('a shard that was tampered with is refused', () => {
  const counted = changed(two, 'result.json', ({ cells: [cell] }) => {
    if (cell && 'resets' in cell) cell.connections++
  })
  const numbered = changed(two, 'result.json', (result) => {
    result.shard!.index = 3
  })
  for (const [run, message] of [
    [counted, 'result.json cannot be used: cells.0 '],
    [numbered, 'result.json cannot be used: shard {"index":3'],
  ] as const) {
    const { status, stderr } = compare(one, run, left, '--out', newRun())
    assert.is(status, 2, stderr)
    assert.match(stderr, message)
  }
})

test.run()
