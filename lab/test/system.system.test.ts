import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runSystemTests } from './system.ts'

const folder = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

test('a file whose hook fails has failed, and says why', async () => {
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const file = join(folder, 'before-fails.system.test.ts')
  const lines = ["test.before(() => { throw new Error('planted') })", "test('x', () => {})", 'test.run()']
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(file, ["import { test } from 'uvu'", ...lines].join('\n'))
  let printed = ''
  const totals = await runSystemTests([file], new AbortController().signal, (text) => {
    printed += text
  })
  assert.equal(totals, [{ passed: 0, failed: 1, skipped: 0 }])
  assert.match(printed, /FAIL {2}a hook, before, failed:\n +Error: planted\n +at .*before-fails\.system\.test\.ts:/)
})

test.run()
