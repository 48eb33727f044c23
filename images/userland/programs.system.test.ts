import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { scratchWithCache } from '../fixtures/files.ts'
import { testSupply } from '../fixtures/supply.ts'
import { programs } from './programs.ts'

const { dir, end } = scratchWithCache('programs')
test.after(end)

test('compiles them once, also into a cache whose path is odd', async () => {
  process.env.XDG_CACHE_HOME = join(dir, `it's a (cache) & 50%`)
  const notes: string[] = []
  const supply = testSupply({ note: (line) => notes.push(line) })
  const first = await programs(supply)
  for (const name of ['init', 'load', 'reload']) assert.ok(existsSync(join(first.dir, name)), name)
  assert.equal(await programs(supply), first)
  assert.is(notes.length, 1)
})

test.run()
