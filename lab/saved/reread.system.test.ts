import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import type { Fault } from '../model/fault.ts'
import { Result } from '../model/result.ts'
import { cell, cellIn, HERE, mistakes, run, scratch } from './fixtures/changed.ts'
import { REFERENCE, referenceRun, referenceRuns } from './reference.ts'
import { readResult } from './reread.ts'

/** The paths in a value that are not in another. */
function unknownIn(value: unknown, other: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = `${at}.${key}`
    const there = (other as Record<string, unknown> | undefined)?.[key]
    return there === undefined ? [path] : unknownIn(inner, there, path)
  })
}

test('a run as it was saved is read, its events say the same', () => {
  const result = readResult(run(), assert.unreachable, HERE)
  assert.is(result.cells.length, referenceRun('6.1').cells.length)
})

test('no field of a saved result is unknown to its shape', () => {
  for (const name of referenceRuns()) {
    const saved = JSON.parse(readFileSync(join(REFERENCE, name, 'result.json'), 'utf8')) as Record<string, unknown>
    const read = JSON.parse(JSON.stringify(v.parse(Result, saved))) as typeof saved
    assert.equal(unknownIn(saved, read), [], name)
  }
})

test('without its events a run is believed as far as its numbers go, which is said', () => {
  const folder = run()
  const notes: string[] = []
  for (const one of readResult(folder, assert.unreachable, HERE).cells)
    rmSync(join(folder, one.folder), { recursive: true })
  assert.ok(readResult(folder, (line) => notes.push(line), HERE).cells.length > 0)
  assert.match(
    notes.join(),
    /the events of none under saturated on .* were not kept: what it says about them cannot be checked/,
  )
})

test('numbers and verdicts are those of the events, whatever the result says', () => {
  const folder = run((result) => {
    Object.assign(cell(result, 'fd-passing').latencyMs, { p50: 0.1, p99: 0.2 })
    Object.assign(cell(result, 'ack-block'), { verdict: 'contradicts', reason: 'I say so' })
  })
  const notes: string[] = []
  const other = { version: '0', commit: 'another' }
  const result = readResult(folder, (line) => notes.push(line), other)
  assert.ok(cell(result, 'fd-passing').latencyMs.p99 > 1)
  assert.is(cell(result, 'ack-block').verdict, 'expected')
  assert.match(notes.join('\n'), /fd-passing under saturated on .*: latencyMs .*: its events say/)
  assert.match(
    notes.join('\n'),
    /ack-block under saturated on .*: verdict "contradicts": by its events it is "expected"/,
  )
  const said = mistakes(folder, result.lab).join('\n')
  assert.match(said, 'latencyMs', 'the lab that saved it reads it alike, so that it was changed')
})

test('a socket that was not passed on, by the events', () => {
  const folder = run()
  const file = join(cellIn(folder, 'fd-passing'), 'boot-2/events.jsonl')
  const events = readFileSync(file, 'utf8')
  writeFileSync(file, events.replace(/"listener":\d+/, '"listener":1'))
  assert.match(mistakes(folder).join('\n'), 'has a listener of its own')
})

test('all that is wrong with its shape, by field, value and what was expected', () => {
  const found = mistakes(
    run((result) => {
      Object.assign(cell(result, 'none'), { ok: '12' })
      Object.assign(cell(result, 'ack-block'), { verdict: 'good' })
      Object.assign(cell(result, 'fd-passing'), { verdict: 'failed' })
      Object.assign(cell(result, 'ebpf').wire, { outRsts: -1 })
      Object.assign(result.host, { cpus: null })
    }),
  )
  assert.equal(found, [
    'host.cpus null: expected a whole number, at least 0',
    'cells.0.ok "12": expected a whole number, at least 0',
    'cells.1.verdict "good": expected failed, expected, contradicts or inconclusive',
    'cells.2.wire.outRsts -1: expected a whole number, at least 0',
    'cells.3.consoleTail is missing: expected a list',
  ])
})

test('sums, kernels, cases and folders, all at once', () => {
  const found = mistakes(
    run((result) => {
      cell(result, 'none').ok += 7
      cell(result, 'ebpf').folder = '../../x'
      cell(result, 'syn-block').kernel = '9.9'
      cell(result, 'fd-passing').case = 'nothing'
    }),
  )
  for (const part of ['connections ', 'folder "../../x"', 'kernel "9.9"', 'case "nothing"'])
    assert.ok(
      found.some((line) => line.includes(part)),
      `${part}: ${found.join('\n')}`,
    )
})

test('a result cut short, another version, and no run at all', () => {
  const folder = run()
  writeFileSync(join(folder, 'result.json'), readFileSync(join(folder, 'result.json'), 'utf8').slice(0, 300))
  assert.match(mistakes(folder)[0]!, 'it is not JSON, or not all of it')
  const other = mistakes(
    run((result) => {
      Object.assign(result, { schema: 99 })
    }),
  )
  assert.is(other.length, 1)
  assert.match(other[0]!, /^schema 99: expected \d: was it saved by another version of the lab\?$/)
  assert.throws(() => readResult(scratch, () => {}, HERE), /no saved run: there is no result\.json/)
})

test('a comparison is no run', () => {
  const folder = run((result) => {
    result.argv = ['lab/compare.ts', 'one', 'other', '--out', 'x']
  })
  try {
    readResult(folder, () => {}, HERE)
    assert.unreachable()
  } catch (error) {
    assert.match((error as Fault).message, 'belongs to a comparison: compare the runs')
    assert.is((error as Fault).hint, 'npx tsx lab/compare.ts one other')
  }
})

test('counts that fit together, and that the events deny', () => {
  const found = mistakes(
    run((result) => {
      const synBlock = cell(result, 'syn-block')
      synBlock.ok -= 5
      synBlock.timeouts += 5
    }),
  )
  assert.match(found.join('\n'), /^cells\.\d \(syn-block under saturated on \S+\): ok \d+: its events say \d+$/m)
  assert.match(found.join('\n'), /timeouts \d+: its events say \d+$/m)
})

test('events that are cut, or in which a line is missing', () => {
  const folder = run()
  const file = join(cellIn(folder, 'none'), 'boot-2/events.jsonl')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.slice(0, text.length / 2))
  assert.match(mistakes(folder).join(), /\(none under saturated on \S+\): boot-2\/events\.jsonl: /)
  writeFileSync(file, text.split('\n').toSpliced(20, 1).join('\n'))
  assert.match(mistakes(folder).join(), /events\.jsonl: event \d+ is missing/)
})

test('a boot that is counted twice', () => {
  const folder = run()
  const none = cellIn(folder, 'none')
  writeFileSync(join(none, 'boot-2/events.jsonl'), readFileSync(join(none, 'boot-1/events.jsonl')))
  assert.match(mistakes(folder).join(), 'boot-2/events.jsonl is that of boot-1: one boot counted twice')
})

test.run()
