import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT, type Fault } from '../model/fault.ts'
import { readSaved } from './foreign.ts'

const folder = mkdtempSync(join(tmpdir(), 'hitless-test-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

function refused(name: string): string {
  try {
    readSaved(join(folder, name))
    assert.unreachable()
  } catch (error) {
    assert.is((error as Fault).exit, EXIT.usage)
    return (error as Fault).message
  }
  return ''
}

test('a file of a run is read', () => {
  writeFileSync(join(folder, 'file'), 'text')
  assert.is(readSaved(join(folder, 'file')), 'text')
})

test('what would be waited for, never ends, or is another file of this user’s, is none', () => {
  execFileSync('mkfifo', [join(folder, 'fifo')])
  symlinkSync('/dev/zero', join(folder, 'zero'))
  symlinkSync('/etc/passwd', join(folder, 'link'))
  mkdirSync(join(folder, 'folder'))
  for (const name of ['fifo', 'zero', 'link', 'folder'])
    assert.match(refused(name), new RegExp(`/${name} is no regular file, as those of a run are$`))
  assert.match(refused('none'), /none cannot be read: ENOENT/)
})

test('a file that is larger than any of a run', () => {
  writeFileSync(join(folder, 'large'), '')
  truncateSync(join(folder, 'large'), 2 ** 29)
  assert.match(refused('large'), 'has 536870912 bytes; expected 268435456 at most')
})

test.run()
