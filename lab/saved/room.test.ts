import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { tooLarge } from './room.ts'

const folder = mkdtempSync(join(tmpdir(), 'hitless-test-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

test('how much memory events take to be counted is told before, and what gives as much', () => {
  const file = join(folder, 'events.jsonl')
  writeFileSync(file, '')
  truncateSync(file, 670 * 2 ** 20)
  assert.is(tooLarge(file, 5360 * 2 ** 20), null)
  assert.equal(tooLarge(file, 4144 * 2 ** 20), {
    said: 'to count its 670 MiB of events takes 5,360 MiB of memory, and Node.js gives 4,144',
    option: 'NODE_OPTIONS=--max-old-space-size=5360',
  })
  assert.is(tooLarge(join(folder, 'none')), null)
})

test.run()
