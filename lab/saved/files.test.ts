import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT } from '../model/fault.ts'
import { makeFolder, requireEmpty, saveFiles, unmakeFolders } from './files.ts'
import { faultOf } from './fixtures/fault.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

test('files are saved, and saved again', () => {
  const folder = mkdtempSync(join(scratch, 'run-'))
  saveFiles(folder, { 'result.json': 'one', 'report.md': 'two' })
  saveFiles(folder, { 'result.json': 'three' })
  assert.is(readFileSync(join(folder, 'result.json'), 'utf8'), 'three')
  assert.equal(readdirSync(folder).sort(), ['report.md', 'result.json'])
})

test('a folder is made with those above it, and unmade while nothing is in it', () => {
  const path = join(scratch, 'a/b/c')
  const made = makeFolder(path)
  assert.equal(made, [path, join(scratch, 'a/b'), join(scratch, 'a')])
  writeFileSync(join(scratch, 'a/kept'), '')
  unmakeFolders(made)
  assert.equal(readdirSync(join(scratch, 'a')), ['kept'])
})

test('a folder that something is in is refused, with how to go on with a run in it', () => {
  const folder = mkdtempSync(join(scratch, 'taken-'))
  requireEmpty(folder)
  for (const name of ['plan.json', 'a', 'b', 'c']) writeFileSync(join(folder, name), '')
  const { message, hint, exit } = faultOf(() => requireEmpty(folder))
  assert.is(exit, EXIT.usage)
  assert.match(message, /, and a, b, c … is in it$/)
  assert.match(hint!, `--resume ${folder}`)
})

test.run()
