import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bzImage, elf } from '../../images/fixtures/kernel.ts'
import { testSupply } from '../../images/fixtures/supply.ts'
import { obtainKernel } from '../../images/kernels/obtain.ts'
import type { FailedCell } from '../model/result.ts'
import { lab, scratch } from './harness.ts'

// Kernels that do not boot.

test('a damaged image is noticed on the host: exit 2, with one error', async () => {
  const packed = gzipSync(elf())
  packed[packed.length - 6]! ^= 0xff
  const image = join(scratch, 'bzImage')
  writeFileSync(image, bzImage(packed, { banner: '6.1.0-torn (someone) #1 SMP' }))
  const ran = await lab(['--kernel', image])
  assert.is(ran.status, 2, ran.stderr)
  assert.is(
    ran.stderr,
    `hitless: --kernel ${image}: the kernel inside is damaged: gzip: incorrect data check\ntry: build it or copy it again\n`,
  )
})

test('a kernel that dies early: the reason has its own words, and what its configuration lacks', async () => {
  const kernel = await obtainKernel('6.1', testSupply())
  const content = readFileSync(kernel.image)
  // Its packed part begins after the setup sectors; overwritten, it no longer looks like any format.
  const start = (content[0x1f1]! + 1) * 512 + content.readUInt32LE(0x248)
  const boot = join(scratch, 'kernel', 'boot')
  mkdirSync(boot, { recursive: true })
  writeFileSync(join(boot, `vmlinuz-${kernel.name}`), content.fill(0xff, start, start + 2))
  const config = readFileSync(kernel.config!, 'utf8').replace('CONFIG_DEVTMPFS=y', '# CONFIG_DEVTMPFS is not set')
  writeFileSync(join(boot, `config-${kernel.name}`), config)

  const few = ['--case', 'none,no-reload', '--duration', '1', '--accel', 'tcg']
  const ran = await lab(['--kernel', join(scratch, 'kernel'), ...few])
  assert.is(ran.status, 4, ran.stderr)
  const { cells, skipped } = ran.result()
  const [cell, ...others] = cells as FailedCell[]
  assert.is(others.length, 0)
  assert.match(cell!.reason, /^the guest died before it told anything; its console says "\S.*, System halted"/)
  assert.match(cell!.reason, '; its configuration lacks CONFIG_DEVTMPFS (npx tsx lab/list.ts config)')
  assert.not.match(cell!.consoleTail.join('\n'), 'booting again')
  assert.equal(
    skipped.map(({ case: name, reason }) => [name, reason]),
    [['no-reload', `this kernel did not get through the probes: ${cell!.reason}`]],
  )
})

test.run()
