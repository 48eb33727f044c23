import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { holderIn, isStill, nameHolder } from './lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'lock')

/** Opens a file for as long as it is used. */
function withOpen<T>(path: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(path, 'w+')
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

test('who has a lock is named in its file, in place of who had it', () => {
  writeFileSync(file, 'x'.repeat(1000))
  withOpen(file, nameHolder)
  assert.match(holderIn(file)!, new RegExp(`^process ${process.pid} on ${hostname()} \\(`))
  assert.not.match(holderIn(file)!, 'xxx')
})

test('a lock on a disk that is full holds without a name', () => {
  assert.not.throws(() => withOpen('/dev/full', nameHolder))
})

test('what anybody may have written there is cut, and sends nothing to a terminal', () => {
  writeFileSync(file, `process 1 on \u001b[31mx${'y'.repeat(1000)}\n`)
  assert.match(holderIn(file)!, /^process 1 on \?\[31mxy{20,}…$/)
  writeFileSync(file, '')
  assert.is(holderIn(file), null)
  assert.is(holderIn(join(folder, 'none')), null)
})

test('a file that was removed, or made anew, is not the one that was opened', () => {
  withOpen(file, (descriptor) => {
    assert.ok(isStill(file, descriptor))
    rmSync(file)
    assert.not(isStill(file, descriptor))
    writeFileSync(file, '')
    assert.not(isStill(file, descriptor))
  })
})

test.run()
