import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { obtainKernel } from '../../images/kernel.ts'
import { programs } from '../../images/programs.ts'
import { userland } from '../../images/userland.ts'
import { probeBoot } from './files.ts'
import { GuestHung } from './guest.ts'
import { runQemu } from './qemu.ts'
import { inScratch } from './scratch.ts'
import { cpuPairs } from './threads.ts'

const note = () => {}
const kernel = await obtainKernel('6.1', { note })
const root = { userland: (await userland({ note })).dir, programs: (await programs({ note })).dir }
const dir = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(dir, { recursive: true, force: true }))

test('an image that does not unpack itself: one boot, its own words, and no wait', async () => {
  const content = readFileSync(kernel.image)
  // Its packed part begins after the setup sectors; see images/bzimage.ts.
  const start = (content[0x1f1]! + 1) * 512 + content.readUInt32LE(0x248)
  const image = join(dir, 'bzImage')
  writeFileSync(image, content.fill(0xff, start, start + 2))
  const boot = probeBoot({ accel: 'tcg', kernel: { image, modules: kernel.modules }, root }, [], cpuPairs()[0]!)
  const said: string[] = []
  const console = (text: string) => {
    said.push(text)
  }
  const watcher = { command: () => {}, line: () => {}, event: () => {}, console }
  const signal = new AbortController().signal
  const error = await inScratch((folder) => runQemu(boot, folder, watcher, signal)).catch((error) => error)
  assert.instance(error, GuestHung)
  assert.match(error.message, /the guest is dead, after event 0; its console says "\S.*, System halted"/)
  assert.not.match(said.join(''), 'booting again')
})

test.run()
