import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Distrusted } from '../../images/debian/signature.ts'
import { testSupply } from '../../images/fixtures/supply.ts'
import type { Kernel } from '../../images/kernels/kernel.ts'
import { obtainKernel } from '../../images/kernels/obtain.ts'
import { programs } from '../../images/userland/programs.ts'
import { userland } from '../../images/userland/userland.ts'
import { probeBoot } from '../guest/boot.ts'
import { FEATURES } from '../model/case/case.ts'
import { Fault } from '../model/fault.ts'
import { ask } from '../prepare/features.ts'

// Today's kernels of the series that move on, which nobody has tried yet: each boots and gets through its probes.

const supply = testSupply({ mirror: process.env.HITLESS_MIRROR || undefined })
const root = { userland: (await userland(supply)).dir, programs: (await programs(supply)).dir }

// A cache of its own makes it ask the mirror each time.
const cache = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(cache, { recursive: true, force: true }))
process.env.XDG_CACHE_HOME = cache
process.env.HITLESS_LOCK = join(cache, 'lock.json')

/** The newest kernel of a series, or why the mirror does not provide it. */
async function newest(series: string): Promise<Kernel | string> {
  try {
    return await obtainKernel(series, supply)
  } catch (error) {
    if (!(error instanceof Fault) || error instanceof Distrusted) throw error
    return error.message
  }
}

const kernels = suite('the newest kernels')
const seen = new Set<string>()
for (const series of ['7', 'backports', 'experimental']) {
  const kernel = await newest(series)
  if (typeof kernel === 'string') {
    kernels.skip(`${series}: ${kernel}`, () => {})
    continue
  }
  if (seen.has(kernel.sha256)) continue
  seen.add(kernel.sha256)
  kernels(`${series}, today ${kernel.name} ${kernel.version}, gets through its probes`, async () => {
    const image = kernel.vmlinux ?? kernel.image
    const means = { accel: 'tcg', kernel: { image, modules: kernel.modules }, root } as const
    const boot = probeBoot(means, FEATURES)
    const answers = await ask('qemu', boot, () => {}, new AbortController().signal)
    for (const feature of ['reuseport', 'migration'] as const) assert.ok(answers[feature].has, answers[feature].said)
  })
}
kernels.run()
