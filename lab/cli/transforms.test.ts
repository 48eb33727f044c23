import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { lay } from '../../images/fixtures/files.ts'
import { privateFolder } from '../tsx/folder.mjs'

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
test.after(() => rmSync(scratch, { recursive: true, force: true }))

let packages = ''
let made = 0
test.before.each(() => {
  packages = join(scratch, String(++made))
  mkdirSync(packages)
})

test('a folder for this user alone, also where one was that others could use', () => {
  const folder = join(packages, '.cache/tsx')
  assert.is(privateFolder(packages), folder)
  assert.is(statSync(folder).mode & 0o777, 0o700)
  chmodSync(folder, 0o777)
  assert.is(privateFolder(packages), folder)
  assert.is(statSync(folder).mode & 0o777, 0o700)
})

test('none where it is a link, a file, or nowhere', () => {
  const target = lay(join(scratch, 'target'), { 'tsx/file': '' })
  symlinkSync(target, join(packages, '.cache'))
  assert.is(privateFolder(packages), null)
  rmSync(join(packages, '.cache'))
  mkdirSync(join(packages, '.cache'))
  symlinkSync(join(target, 'tsx'), join(packages, '.cache/tsx'))
  assert.is(privateFolder(packages), null)
  assert.is(privateFolder(lay(packages, { 'with-file/.cache': '' })), null)
  assert.is(privateFolder(join(packages, 'nowhere')), null)
  assert.is(privateFolder('/proc'), null)
})

const NOBODY = 65534
if (process.getuid!() === 0)
  test("none in another user's checkout, where it could not be removed, and none of another user's", () => {
    chownSync(packages, NOBODY, NOBODY)
    assert.is(privateFolder(packages), null)
    assert.not(existsSync(join(packages, '.cache')))
    chownSync(packages, 0, 0)
    for (const theirs of ['.cache', '.cache/tsx']) {
      rmSync(join(packages, '.cache'), { recursive: true, force: true })
      mkdirSync(join(packages, theirs), { recursive: true })
      chownSync(join(packages, theirs), NOBODY, NOBODY)
      assert.is(privateFolder(packages), null, theirs)
    }
  })
else test.skip("none in another user's checkout: not root", () => {})

test.run()
