import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { PROXIES } from '../../images/proxies/proxies.ts'
import { CaseFile } from '../model/case/case.ts'
import { isFor, resolveCase } from '../model/case/resolve.ts'
import { plantedCases } from './in-cases.ts'
import { SAVED_PLANTS } from './in-saved.ts'
import { planted, SOURCE_PLANTS } from './in-source.ts'
import { STREAM_PLANTS } from './streams/plants.ts'

// The plants themselves, without running any.

const cases = await plantedCases()

test('names are unique', () => {
  const all = [cases, SOURCE_PLANTS, STREAM_PLANTS, SAVED_PLANTS].flatMap((list) => list.map(({ name }) => name))
  assert.equal(
    all.filter((name, i) => all.indexOf(name) < i),
    [],
  )
})

test('a broken case is named after its folder and file', () => {
  assert.ok(cases.length > 30)
  for (const { name, default: planted } of cases) assert.is(planted.name, name)
})

test('a broken case says what is broken, not what its healthy twin says of a proxy', () => {
  for (const { name, default: planted } of cases) {
    const loaded = v.parse(CaseFile, planted)
    for (const proxy of PROXIES.filter((one) => isFor(loaded, one.name)))
      assert.is(resolveCase(loaded, proxy).source, "the lab's sabotage of itself", name)
  }
})

for (const { name, edits } of SOURCE_PLANTS)
  test(`${name} still finds its place in the source`, () => {
    for (const edit of edits) assert.ok(planted(edit).includes(edit.replace))
  })

test('a plant whose place is gone, or is there twice, fails loudly', () => {
  const edit = { file: 'images/guest/commands/closed.c', replace: '' }
  assert.throws(() => planted({ ...edit, find: 'no such text' }), /a rotten plant: .* has "no such text" 0 times/)
  assert.throws(() => planted({ ...edit, find: 'listener' }), /closed.c has "listener" \d times, not once/)
})

test.run()
