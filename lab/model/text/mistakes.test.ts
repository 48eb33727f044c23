import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { readAs, readJson, shown } from './mistakes.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Thing = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z]+$/, 'lower-case letters')),
  title: v.pipe(v.string(), v.nonEmpty()),
  kind: v.optional(v.picklist(['big', 'small'])),
  reload: v.optional(v.union([v.literal(false), v.string()])),
  counts: v.nullable(v.array(count)),
  range: v.optional(v.strictObject({ from: v.number(), below: v.optional(v.number()) })),
  pair: v.optional(v.tuple([v.number(), v.boolean()])),
  more: v.optional(v.record(v.string(), v.number())),
  share: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
})
const GOOD = { name: 'a', title: 'b', counts: [1] }
const mistakes = (more: object) => readAs(Thing, { ...GOOD, ...more }).mistakes

test('what is right is read', () => {
  assert.equal(readAs(Thing, GOOD).output, GOOD)
  assert.is(readAs(Thing, GOOD).mistakes, undefined)
})

for (const [more, mistake] of [
  [{ name: 'No Name' }, 'name "No Name": expected lower-case letters'],
  [{ name: 5 }, 'name 5: expected lower-case letters'],
  [{ title: '' }, 'title "": expected text, not empty'],
  [{ title: undefined }, 'title is missing: expected text, not empty'],
  [{ kind: 'huge' }, 'kind "huge": expected big or small'],
  [{ reload: true }, 'reload true: expected false or text'],
  [{ counts: [1, -2] }, 'counts.1 -2: expected a whole number, at least 0'],
  [{ counts: 'x' }, 'counts "x": expected a list, or null'],
  [{ counts: undefined }, 'counts is missing: expected a list, or null'],
  [{ range: { from: '4' } }, 'range.from "4": expected a number'],
  [{ range: { form: 4, from: 4 } }, 'range.form: unknown field (did you mean from?)'],
  [{ range: 3 }, 'range 3: expected an object with fields'],
  [{ pair: [1, 'x'] }, 'pair.1 "x": expected true or false'],
  [{ more: { a: 'x' } }, 'more.a "x": expected a number'],
  [{ share: 2 }, 'share 2: expected a number from 0 to 1'],
  [{ titel: 'x' }, 'titel: unknown field (did you mean title?)'],
] as const)
  test(`mistake: ${mistake}`, () => {
    assert.equal(mistakes(more), [mistake])
  })

test('all mistakes at once, each once', () => {
  assert.equal(mistakes({ name: 1, kind: 2, zzzz: 3, titel: 4 }), [
    'name 1: expected lower-case letters',
    'kind 2: expected big or small',
    'zzzz: unknown field; its fields: name, title, kind, reload, counts, range, pair, more, share',
    'titel: unknown field (did you mean title?)',
  ])
  const many = readAs(v.array(v.number()), Array.from({ length: 25 }, String)).mistakes!
  assert.is(many.length, 21)
  assert.is(many.at(-1), 'and 5 mistakes more')
})

test('of alternatives, that is meant which the telling field says', () => {
  const Either = v.variant('is', [
    v.object({ is: v.literal('a'), n: v.number() }),
    v.object({ is: v.literal('b'), s: v.string() }),
  ])
  assert.equal(readAs(Either, { is: 'b' }).mistakes, ['s is missing: expected text'])
  assert.equal(readAs(Either, { is: 'c' }).mistakes, ['is "c": expected a or b'])
  assert.equal(readAs(v.array(Either), [{ is: 'a', n: 'x' }]).mistakes, ['0.n "x": expected a number'])
})

test("a check of one's own says what is wrong", () => {
  const Even = v.object({
    n: v.pipe(
      v.number(),
      v.check((n) => n % 2 === 0, 'it must be even'),
    ),
  })
  assert.equal(readAs(Even, { n: 3 }).mistakes, ['n: it must be even'])
})

test('labels, and what is no object at all', () => {
  assert.equal(readAs(Thing, { ...GOOD, kind: 'x' }, ([key]) => `--${key}`).mistakes, [
    '--kind "x": expected big or small',
  ])
  assert.equal(readAs(Thing, []).mistakes?.[0], 'name is missing: expected lower-case letters')
  assert.equal(readAs(Thing, null).mistakes, ['expected an object with fields, not null'])
})

test('half a file is not JSON', () => {
  assert.match(readJson(Thing, '{"name": "a", "ti').mistakes![0]!, 'it is not JSON, or not all of it: ')
  assert.equal(readJson(Thing, JSON.stringify(GOOD)).output, GOOD)
})

test('long values are cut', () => {
  assert.is(shown('x'.repeat(100)).length, 60)
})

test.run()
