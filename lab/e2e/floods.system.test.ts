import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MOST } from '../guest/bounds.ts'
import { EXIT } from '../model/fault.ts'
import { isMeasured } from '../model/result.ts'
import { lab } from './harness.ts'

test('a guest that talks without end fails, costs no more than its bound, and spoils no other', async () => {
  const cases = './lab/e2e/cases/floods.ts,none'
  const run = await lab(['--kernel', 'host', '--case', cases, '--duration', '1'])
  assert.is(run.status, EXIT.failed, run.stderr)
  const [none, floods] = ['none', 'floods'].map((name) => run.result().cells.find((cell) => cell.case === name)!)
  assert.ok(isMeasured(none!))
  assert.is(floods!.reason, 'the guest says too much: more than 16 MiB of console')
  const saved = statSync(join(run.out, floods!.folder, 'boot-1', 'console.log')).size
  assert.ok(saved <= MOST.console.always + MOST.console.perSecond * 2, `${saved} bytes were saved`)
})

test.run()
