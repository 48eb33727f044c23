import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EVERY_VERB } from './option.ts'
import { GROUPS, OPTIONS, optionsOf } from './table.ts'

test('no name and no flag stands twice: the later one would hide the other', () => {
  const names = Object.values(GROUPS).flatMap(({ options }) => Object.keys(options))
  assert.equal(names, Object.keys(OPTIONS))
  const flags = Object.values(OPTIONS).map(({ flag }) => flag)
  assert.equal([...new Set(flags)], flags)
})

test('a verb takes the options that name it, in the order of the table', () => {
  assert.equal(optionsOf('doctor'), ['accel', 'engine', 'guest', 'clean', 'help'])
  assert.equal(optionsOf('verify'), ['json', 'help'])
  for (const verb of EVERY_VERB) assert.ok((optionsOf(verb) as string[]).includes('help'), verb)
})

test.run()
