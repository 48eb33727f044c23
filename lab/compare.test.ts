import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
const REFERENCE = fileURLToPath(new URL('../reports/reference/', import.meta.url))

const compare = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('compare.ts', import.meta.url)), ...args], {
    encoding: 'utf8',
  })

test('saved runs become one comparison, with links that lead to their files', () => {
  const runs = ['one', 'other'].map((place) => join(scratch, place, '6.1'))
  for (const run of runs) {
    mkdirSync(run, { recursive: true })
    cpSync(join(REFERENCE, '6.1', 'result.json'), join(run, 'result.json'))
  }
  const out = join(scratch, 'out')
  const { status, stdout } = compare(...runs, '--out', out)
  assert.is(status, 0)
  assert.match(stdout, '6.1 (one/6.1)')
  assert.match(stdout, '6.1 (other/6.1)')
  assert.equal(readdirSync(out).sort(), ['report.html', 'report.md', 'result.json'])
  const { cells } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as { cells: { folder: string }[] }
  assert.ok(cells.some(({ folder }) => folder.startsWith('../one/6.1/')))
  assert.ok(cells.some(({ folder }) => folder.startsWith('../other/6.1/')))
})

test('a run given twice, none at all, and what is no run are usage errors that name it', () => {
  const run = join(REFERENCE, '6.1')
  const twice = compare(run, `${run}/`)
  assert.is(twice.status, 2)
  assert.match(twice.stderr, 'is given twice')
  assert.is(compare().status, 2)
  const nothing = compare(scratch)
  assert.is(nothing.status, 2)
  assert.match(nothing.stderr, `${scratch}: no saved run`)
  const broken = join(scratch, 'broken')
  mkdirSync(broken)
  writeFileSync(join(broken, 'result.json'), '{"schema": 2}')
  const wrong = compare(broken)
  assert.is(wrong.status, 2)
  assert.match(wrong.stderr, 'is no result: ')
})

test.run()
