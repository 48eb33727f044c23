import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { testSupply } from '../../images/fixtures/supply.ts'
import { obtainKernel } from '../../images/kernels/obtain.ts'
import { programs } from '../../images/userland/programs.ts'
import { userland } from '../../images/userland/userland.ts'
import { probeBoot } from '../guest/boot.ts'
import { GuestFailed } from '../guest/guest.ts'
import { FEATURES } from '../model/case/case.ts'
import { ask } from './features.ts'

const supply = testSupply()
const kernel = await obtainKernel('6.1', supply)
const root = { userland: (await userland(supply)).dir, programs: (await programs(supply)).dir }
const parts = {
  accel: 'tcg',
  kernel: { image: kernel.vmlinux ?? kernel.image, modules: kernel.modules },
  root,
} as const

/** A guest whose last probe ends the kernel. */
function dyingBoot() {
  const boot = probeBoot(parts, FEATURES)
  const { 'probe-kprobes': honest } = boot.files
  return { boot: { ...boot, files: { ...boot.files, 'probe-kprobes': 'echo c > /proc/sysrq-trigger\n' } }, honest }
}

const features = suite('what a kernel can do')

features('a kernel that dies at a probe is asked anew, and its answers count', async () => {
  const { boot, honest } = dyingBoot()
  const notes: string[] = []
  const mend = (line: string) => {
    notes.push(line)
    boot.files['probe-kprobes'] = honest!
  }
  const answers = await ask('qemu', boot, mend, new AbortController().signal)
  assert.is(notes.length, 1)
  assert.match(notes[0]!, /Kernel panic.*asking what its kernel can do once more/)
  assert.ok(answers.reuseport.has)
  assert.ok(answers.kprobes.has)
})

features('a kernel that dies each time is given up', async () => {
  const notes: string[] = []
  try {
    await ask('qemu', dyingBoot().boot, (line) => notes.push(line), new AbortController().signal)
    assert.unreachable()
  } catch (error) {
    assert.instance(error, GuestFailed)
    assert.match((error as Error).message, /Kernel panic/)
  }
  assert.is(notes.length, 2)
})

features.run()
