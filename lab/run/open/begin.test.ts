import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseRequest } from '../../cli/options/run.ts'
import { EXIT, type Fault } from '../../model/fault.ts'
import { beginRun } from './begin.ts'

test('a run in containers begins on Linux only, before anything is made', async () => {
  const out = join(tmpdir(), `hitless-begin-${process.pid}`)
  const found = Object.getOwnPropertyDescriptor(process, 'platform')!
  for (const engine of ['docker', 'swarm']) {
    const argv = ['--kernel', '6.1', '--engine', engine, '--out', out]
    const options = await parseRequest(argv, {})
    Object.defineProperty(process, 'platform', { ...found, value: 'darwin' })
    try {
      await beginRun(options, argv, () => {}, AbortSignal.abort())
      assert.unreachable()
    } catch (error) {
      assert.match((error as Fault).message, /^this machine is darwin\//)
      assert.is((error as Fault).exit, EXIT.notReady)
    } finally {
      Object.defineProperty(process, 'platform', found)
    }
  }
  assert.not(existsSync(out))
})

test.run()
