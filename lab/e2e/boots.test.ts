import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { $, which } from 'zx'
import { bzImage, elf } from '../../images/fixtures/kernel.ts'
import { supplyOf } from '../../images/fixtures/supply.ts'
import { obtainKernel } from '../../images/kernels/obtain.ts'
import type { FailedCell } from '../model/result.ts'
import { accountHolds, lab, leftovers, measured, type Ran, scratch } from './harness.ts'

// A KVM that fails in each way that was seen, and one that works: a QEMU of the test's own stands before the real one
// and answers where KVM is asked for. So it is the same on every machine, whatever its /dev/kvm is.

const REAL = await which('qemu-system-x86_64')
const RUN = ['--kernel', '6.1', '--case', 'no-reload', '--duration', '1']

/** A QEMU for the PATH that does this whenever it is called so, in sh; $calls is how often it was, so far. */
function standIn(name: string, does: string, accel: 'kvm' | 'tcg' = 'kvm') {
  const dir = join(scratch, name)
  const log = join(dir, 'calls')
  mkdirSync(dir)
  const script = [
    '#!/bin/sh',
    `case " $* " in *" -accel ${accel}"*)`,
    `  echo >>${log}; calls=$(wc -l <${log})`,
    does,
    'esac',
    `exec ${REAL} "$@"`,
  ]
  const path = join(dir, 'qemu-system-x86_64')
  writeFileSync(path, `${script.join('\n')}\n`)
  chmodSync(path, 0o755)
  const environment = ['env', `PATH=${dir}:${process.env.PATH}`, 'HITLESS_KVM=/dev/null']
  return {
    run: (...args: string[]) => lab([...RUN, ...args], { wrap: environment }),
    doctor: (...args: string[]) =>
      $({ nothrow: true, quiet: true })`${environment} ${process.execPath} --import tsx lab/doctor.ts ${args}`,
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').length : 0),
  }
}

/** Emulation in KVM's name. */
const WORKS = [
  '  for word; do',
  '    case $word in kvm) word=tcg,thread=multi;; host) word=max,-smap,-smep,-la57;; esac',
  '    set -- "$@" "$word"; shift',
  '  done',
].join('\n')

function ranOn(ran: Ran, accel: 'kvm' | 'tcg') {
  assert.is(ran.status, 0, ran.stderr)
  const cell = measured(ran.result(), 'no-reload')
  accountHolds(cell)
  assert.is(cell.accel, accel)
  assert.match(cell.eachBoot[0]!.command.join(' '), accel === 'kvm' ? '-accel kvm' : '-accel tcg')
  assert.equal(leftovers(), [])
}

const accel = suite('what a kernel boots with')

accel('KVM that hangs: the run goes on under emulation, and says why', async () => {
  const qemu = standIn('hangs', '  exec sleep 600;;')
  const ran = await qemu.run()
  ranOn(ran, 'tcg')
  assert.match(
    ran.stderr,
    /^6\.1\S* runs under emulation \(TCG\): with KVM the guest did not boot: no event within 10 s$/m,
  )
  assert.is(qemu.calls(), 1)
})

accel('KVM that dies at once: remembered, said by doctor, tried again where it is a must', async () => {
  const qemu = standIn('dies', "  echo 'qemu-system-x86_64: error: no such MSR' >&2; exit 134;;")
  const told = /^6\.1\S* runs under emulation \(TCG\): with KVM .*; QEMU said: error: no such MSR$/m
  for (const _ of ['first', 'again']) {
    const ran = await qemu.run()
    ranOn(ran, 'tcg')
    assert.match(ran.stderr, told)
    assert.is(qemu.calls(), 1, 'it is tried once')
  }
  const doctor = await qemu.doctor()
  assert.match(doctor.stdout, /^note {4}6\.1\S* with KVM, tried \S+: .*no such MSR/m)
  assert.is((await qemu.doctor('--accel', 'tcg')).exitCode, doctor.exitCode)
  assert.is((await qemu.doctor('--accel', 'kvm')).exitCode, 3)

  const must = await qemu.run('--accel', 'kvm')
  assert.is(must.status, 3, must.stderr)
  assert.match(must.stderr, /kernel 6\.1\S* does not boot: with KVM .*no such MSR/)
  assert.match(must.stderr, 'try: --accel auto')
  assert.is(qemu.calls(), 2)
})

accel('KVM under which the kernel panics', async () => {
  const panic = "printf '[    0.5] Kernel panic - not syncing: made up\\r\\n' >&3"
  const qemu = standIn('panics', `  ${panic}; exec sleep 600;;`)
  const ran = await qemu.run()
  ranOn(ran, 'tcg')
  assert.match(
    ran.stderr,
    'with KVM the guest died before it told anything; its console says "Kernel panic - not syncing: made up"',
  )
})

accel(
  'KVM that works is taken without a word; one that dies later fails the cell, which is not measured otherwise',
  async () => {
    const dead = join(scratch, 'dead')
    const qemu = standIn('works', `  [ -e ${dead} ] && exit 1\n${WORKS};;`)
    const emulated = await qemu.run('--accel', 'tcg')
    ranOn(emulated, 'tcg')
    assert.is(qemu.calls(), 0)
    const ran = await qemu.run()
    ranOn(ran, 'kvm')
    for (const { stderr } of [emulated, ran]) assert.not.match(stderr, 'emulation')
    assert.match((await qemu.doctor('--accel', 'kvm')).stdout, /^ok {6}6\.1\S* with KVM, tried \S+: it boots$/m)

    writeFileSync(dead, '')
    const later = await qemu.run()
    assert.is(later.status, 4, later.stderr)
    const [cell] = later.result().cells as [FailedCell]
    assert.is(cell.verdict, 'failed')
    assert.is(cell.accel, 'kvm')
    assert.match(cell.reason, 'the guest ended before it told anything')
  },
)

accel('no KVM at all: said once a run, and exit 3 where it is a must', async () => {
  const nowhere = { wrap: ['env', 'HITLESS_KVM=/dev/no-kvm'] }
  const ran = await lab(RUN, nowhere)
  ranOn(ran, 'tcg')
  assert.match(ran.stderr, 'guests run under emulation (TCG): there is no /dev/no-kvm')
  const must = await lab([...RUN, '--accel', 'kvm'], nowhere)
  assert.is(must.status, 3)
  assert.match(must.stderr, '--accel kvm: there is no /dev/no-kvm\ntry: --accel tcg')
})

accel('a guest that hangs before it has told anything is started once more, and that is said', async () => {
  // What the kernel can do is known, or found out first: the features' guest is not the cell's.
  ranOn(await lab([...RUN, '--accel', 'tcg']), 'tcg')
  const qemu = standIn('hangs-once', '  [ $calls = 1 ] && exec sleep 600;;', 'tcg')
  const ran = await qemu.run('--accel', 'tcg')
  ranOn(ran, 'tcg')
  assert.is(measured(ran.result(), 'no-reload').eachBoot[0]!.starts, 2)
  assert.is(qemu.calls(), 2)
})

accel.run()

const broken = suite('kernels that do not boot')

broken('a damaged image is noticed on the host: exit 2, in one error', async () => {
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

broken('one that gets nowhere in its guest: its own words, and what its configuration lacks', async () => {
  const kernel = await obtainKernel('6.1', supplyOf())
  const content = readFileSync(kernel.image)
  // Its packed part begins after the setup sectors, and no longer as any format does.
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

broken.run()
