import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { lay, scratchWithCache } from '../fixtures/files.ts'
import { readJsonFile } from './json.ts'

const { dir, end } = scratchWithCache('json')
test.after(end)

test('a file of the right shape is read; one that is cut, of another shape, or not there is none', () => {
  lay(dir, { whole: '{"size": 3}', cut: '{"size": 3', other: '{"size": "3"}' })
  const read = (name: string) => readJsonFile(join(dir, name), v.object({ size: v.number() }))
  assert.equal(read('whole'), { size: 3 })
  for (const name of ['cut', 'other', 'nothing', '.']) assert.is(read(name), null, name)
})

test.run()
