import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { $, which } from 'zx'
import type { FailedCell } from '../model/result.ts'
import { accountHolds, lab, leftovers, measured, type Ran, scratch } from './harness.ts'

// A KVM that fails in each way that has been seen, and one that works, on every machine whatever its /dev/kvm is: a QEMU
// of the test's own stands before the real one and answers when KVM is asked for.

const REAL = await which('qemu-system-x86_64')
const RUN = ['--kernel', '6.1', '--case', 'no-reload', '--duration', '1']

/**
 * A QEMU for the PATH that runs a script instead of guests with one accelerator.
 *
 * @param script in sh; $calls is the number of such calls so far
 */
function standIn(name: string, script: string, accel: 'kvm' | 'tcg' = 'kvm') {
  const dir = join(scratch, name)
  const log = join(dir, 'calls')
  mkdirSync(dir)
  const lines = [
    '#!/bin/sh',
    `case " $* " in *" -accel ${accel}"*)`,
    `  echo >>${log}; calls=$(wc -l <${log})`,
    script,
    'esac',
    `exec ${REAL} "$@"`,
  ]
  const path = join(dir, 'qemu-system-x86_64')
  writeFileSync(path, `${lines.join('\n')}\n`)
  chmodSync(path, 0o755)
  const environment = ['env', `PATH=${dir}:${process.env.PATH}`, 'HITLESS_KVM=/dev/null']
  return {
    run: (...args: string[]) => lab([...RUN, ...args], { wrap: environment }),
    doctor: (...args: string[]) =>
      $({ nothrow: true, quiet: true })`${environment} ${process.execPath} --import tsx lab/doctor.ts ${args}`,
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').length : 0),
  }
}

/** A script that emulates although KVM was asked for. */
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
  // What the kernel can do is known from the runs above: no guest of features comes before the cell's.
  const qemu = standIn('hangs-once', '  [ $calls = 1 ] && exec sleep 600;;', 'tcg')
  const ran = await qemu.run('--accel', 'tcg')
  ranOn(ran, 'tcg')
  assert.is(measured(ran.result(), 'no-reload').eachBoot[0]!.starts, 2)
  assert.is(qemu.calls(), 2)
})

accel.run()
