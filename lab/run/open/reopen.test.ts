import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT, Fault } from '../../model/fault.ts'
import { REFERENCE } from '../../saved/reference.ts'
import { readRun, saveRun } from '../../saved/run.ts'
import type { EngineName } from '../workplace/engines.ts'
import { reopenRun } from './reopen.ts'

const folder = mkdtempSync(join(tmpdir(), 'hitless-reopen-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** What becomes of a run of an engine of which nothing has ended yet. */
async function resumed(engine: EngineName): Promise<Fault> {
  const run = readRun(join(REFERENCE, '6.1'))
  saveRun(folder, { ...run, host: { ...run.host, engine } })
  const error = await reopenRun(folder, () => {}, new AbortController().signal).catch((error) => error)
  assert.instance(error, Fault)
  return error
}

const began = (engine: EngineName) =>
  `--resume ${folder}: it was begun with --engine ${engine}, and what is missing of it runs there: `

test('a run that began in containers goes on in none of this host without them', async () => {
  const found = Object.getOwnPropertyDescriptor(process, 'platform')!
  for (const engine of ['docker', 'swarm'] as const) {
    Object.defineProperty(process, 'platform', { ...found, value: 'darwin' })
    try {
      const { message, exit, hint } = await resumed(engine)
      assert.ok(message.startsWith(`${began(engine)}this machine is darwin/`), message)
      assert.is(exit, EXIT.notReady)
      assert.match(hint!, 'a virtual machine of Linux')
    } finally {
      Object.defineProperty(process, 'platform', found)
    }
  }
})

test('nor where no daemon answers, and the fault says how to start one', async () => {
  const was = process.env.DOCKER_HOST
  process.env.DOCKER_HOST = `unix://${folder}/no.sock`
  try {
    const { message, exit, hint } = await resumed('docker')
    assert.ok(message.startsWith(`${began('docker')}no Docker daemon answers at unix://${folder}/no.sock`), message)
    assert.is(exit, EXIT.notReady)
    assert.match(hint!, 'sudo systemctl start docker')
  } finally {
    if (was === undefined) delete process.env.DOCKER_HOST
    else process.env.DOCKER_HOST = was
  }
})

test.run()
