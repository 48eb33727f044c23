import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../model/fault.ts'
import { runsAmong } from './among.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
test.after(() => rmSync(scratch, { recursive: true }))

/** A folder with some files. */
function folder(name: string, files: Record<string, string>): string {
  const path = join(scratch, name)
  mkdirSync(path)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text)
  return path
}

const run = folder('run', { 'result.json': JSON.stringify({ argv: ['lab/run.ts', '--kernel', '6.1'] }) })
const damaged = folder('damaged', { 'result.json': '{' })
const comparison = folder('comparison', { 'result.json': JSON.stringify({ argv: ['lab/compare.ts', 'a', 'b'] }) })
const broken = folder('broken', { 'plan.json': '{}' })
const empty = folder('reference', {})
const readme = join(scratch, 'README.md')
writeFileSync(readme, '')

/** The runs among some paths, and what is said of the others. */
function among(...paths: string[]) {
  const notes: string[] = []
  return { runs: runsAmong(paths, (line) => notes.push(line)), notes }
}

function fault(...paths: string[]): Fault {
  try {
    among(...paths)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('no fault')
}

test('among several paths those that are no runs are passed over, each with a line that says why', () => {
  assert.equal(among(readme, empty, comparison, broken, run, damaged), {
    runs: [run, damaged],
    notes: [
      `passed over ${readme}: no saved run: there is no result.json`,
      `passed over ${empty}: no saved run: there is no result.json`,
      `passed over ${comparison}: a comparison: verify the runs that it was made from`,
      `passed over ${broken}: a run that has not ended`,
    ],
  })
  assert.equal(among(join(run, 'result.json')), { runs: [run], notes: [] })
})

test('without any run among them it is a mistake, with what to type instead', () => {
  for (const [paths, hint] of [
    [[readme], 'ls reports reports/reference'],
    [[comparison], 'npx tsx lab/compare.ts a b'],
    [[broken], `npx tsx lab/run.ts --resume ${broken}`],
    [[readme, comparison], 'ls reports reports/reference'],
  ] as const) {
    const { exit, message, hint: said } = fault(...paths)
    assert.equal([exit, said], [2, hint])
    for (const path of paths) assert.match(message, path)
  }
})

test('a path that is not there is a mistake, whatever stands beside it', () => {
  assert.match(fault(run, join(scratch, 'rnu')).message, 'rnu: no saved run: there is no such file or folder')
})

test.run()
