import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT, type Fault } from '../model/fault.ts'
import { endChildren, within } from './children.ts'

const never = new AbortController().signal

test('work that ends in time is as it is', async () => {
  assert.is(await within(60, 'this', never, async () => 1), 1)
  const failing = within(60, 'this', never, async () => {
    throw new Error('its own')
  })
  assert.is(await failing.catch((error: Error) => error.message), 'its own')
})

test('work that takes too long is told so, and its processes are ended', async () => {
  const child = spawn('sleep', ['60'])
  let told: AbortSignal | undefined
  const late = within(0.1, 'building', never, async (signal) => {
    told = signal
    await once(child, 'close')
    throw new Error('the process was ended')
  })
  const fault = (await late.catch((error) => error)) as Fault
  assert.equal([fault.message, fault.exit], ['building did not end within 0.1 s', EXIT.notReady])
  assert.ok(told!.aborted)
  assert.is(child.signalCode, 'SIGTERM')
})

test('what is loaded after that can still be compiled', async () => {
  const child = spawn('sleep', ['60'])
  await endChildren()
  await once(child, 'close')
  const folder = mkdtempSync(join(tmpdir(), 'hitless-test-'))
  try {
    // It is new, so that no cache has it compiled.
    writeFileSync(join(folder, 'module.mts'), `export const written: number = ${Date.now()}`)
    assert.type((await import(join(folder, 'module.mts'))).written, 'number')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('an interruption is passed on', async () => {
  const interrupt = new AbortController()
  const work = within(60, 'this', interrupt.signal, async (signal) => {
    interrupt.abort(new Error('interrupted'))
    signal.throwIfAborted()
  })
  assert.is(await work.catch((error: Error) => error.message), 'interrupted')
})

test.run()
