import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Fault } from '../../model/fault.ts'
import { withPrograms } from './programs.ts'

const dir = mkdtempSync(join(tmpdir(), 'hitless-test-'))

/** A script that says a version, as one that starts a QEMU of another place does. */
function script(name: string, says: string): string {
  const path = join(dir, name)
  writeFileSync(path, `#!/bin/sh\n${says}\n`, { mode: 0o755 })
  return path
}
const old = script('old', 'echo "QEMU emulator version 7.2"')
const newer = script('newer', 'echo "QEMU emulator version 10.0"; echo Copyright')
const broken = script('broken', 'exit 127')

const found = () => execFileSync('qemu-system-x86_64', ['--version'], { encoding: 'utf8', env: process.env })

test('each program is the QEMU of the PATH while it is used, and not afterwards', async () => {
  const path = process.env.PATH
  await withPrograms(`${old}:${newer}`, async ([a, b]) => {
    assert.equal([a.version, b.version], ['QEMU emulator version 7.2', 'QEMU emulator version 10.0'])
    for (const [program, says] of [
      [b, 'version 10.0'],
      [a, 'version 7.2'],
    ] as const)
      assert.match(await program.use(async () => found()), says)
    await a.use(() => Promise.reject(new Error('it hung'))).catch(() => {})
    assert.is(process.env.PATH, path)
  })
})

test('what names no two programs is a mistake of usage, and says which', async () => {
  const said = (named?: string) =>
    withPrograms(named, async () => '').catch(({ message, exit }: Fault) => `${exit}: ${message.split(';')[0]}`)
  assert.is(await said(), '2: HITLESS_QEMUS: not set')
  assert.is(await said(old), `2: HITLESS_QEMUS: "${old}"`)
  assert.is(await said(`${old}:${dir}/none`), `2: HITLESS_QEMUS: ${dir}/none does not say its version`)
  assert.is(await said(`${broken}:${old}`), `2: HITLESS_QEMUS: ${broken} does not say its version`)
})

test.after(() => rmSync(dir, { recursive: true, force: true }))

test.run()
