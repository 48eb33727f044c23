import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { boot, MADE } from '../boots/fixture.ts'
import { keep, RECORDS } from './keep.ts'
import { wrongRecords } from './records.ts'

const folder = mkdtempSync(join(tmpdir(), 'hitless-test-'))

test('the committed documents are what follows from their records', () => {
  assert.equal(wrongRecords(RECORDS), [])
})

test('a number that is changed in either is noticed, and so is a document that is missing', () => {
  const record = {
    ...{ made: MADE, versions: { A: 'QEMU emulator version 1.0', B: 'QEMU emulator version 2.0' } },
    ...{ starts: [{ side: 'A', round: 1, loadAverage: [0, 0, 0], told: { ms: 1200, starts: 1 } }] },
    boots: [boot('A', 'none', 1), boot('B', 'none', 1)],
  }
  const text = keep('qemu', record, folder)
  const [json, md] = ['json', 'md'].map((kind) => join(folder, `qemu.${kind}`)) as [string, string]
  assert.equal(wrongRecords(folder), [])
  writeFileSync(md, text.replace('1,200 ms', '1,100 ms'))
  assert.equal(wrongRecords(folder), ['qemu.md is not what follows from qemu.json'])
  keep('qemu', record, folder)
  writeFileSync(json, readFileSync(json, 'utf8').replace('"ms": 1200', '"ms": 1300'))
  assert.equal(wrongRecords(folder), ['qemu.md is not what follows from qemu.json'])
  writeFileSync(json, JSON.stringify({ ...record, boots: 7 }))
  assert.match(wrongRecords(folder)[0]!, /^qemu\.json: boots/)
  rmSync(md)
  assert.equal(wrongRecords(folder), ['qemu.md is missing beside qemu.json'])
  writeFileSync(join(folder, 'other.json'), '{}')
  assert.match(wrongRecords(folder).join(), 'other.json: no figure has records of that name')
})

test.after(() => rmSync(folder, { recursive: true, force: true }))

test.run()
