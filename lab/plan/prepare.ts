import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import type { Case } from '../../cases/case.ts'
import { NoCase, selectCases } from '../../cases/load.ts'
import type { Note } from '../../images/apt.ts'
import { usage } from '../../images/fault.ts'
import { haproxy } from '../../images/haproxy.ts'
import { obtainKernel } from '../../images/kernel.ts'
import { matchKernels } from '../../images/kernels.ts'
import { ensurePackages } from '../../images/packages.ts'
import { programs } from '../../images/programs.ts'
import { userland } from '../../images/userland.ts'
import { kvmRuns } from '../guest/kvm.ts'
import type { Cell, CellKernel } from './cell.ts'
import type { Options } from './options.ts'
import type { Means } from './plan.ts'

/** The cases that were asked for, and the positive control, without which "0 resets" would say nothing. */
export async function chooseCases(patterns: string[], note: Note): Promise<Case[]> {
  try {
    const chosen = await selectCases(patterns)
    const mitigations = chosen.some(({ control }) => !control)
    if (!mitigations || chosen.some(({ control }) => control === 'positive')) return chosen
    note('adding the case "none": without a live positive control, 0 resets would be inconclusive')
    return [...(await selectCases(['none'])), ...chosen]
  } catch (error) {
    throw error instanceof NoCase ? usage(error.message, 'npx tsx lab/list.ts cases') : error
  }
}

/** Obtains all that a run needs: host packages, kernels, the proxy, the guest's programs. Warm caches cost nothing. */
export async function prepare(options: Options, note: Note): Promise<Means> {
  const specs = [...new Set(options.kernel.flatMap(matchKernels))]
  const cases = await chooseCases(options.case, note)
  const virtual = specs.some((spec) => spec !== 'host')
  await ensurePackages({ install: !options['no-install'], note, for: virtual ? 'qemu' : 'host' })
  const accel = virtual && (await kvmRuns()) ? 'kvm' : 'tcg'
  const kernels: Means['kernels'] = []
  for (const spec of specs)
    kernels.push(
      spec === 'host'
        ? { kernel: runningKernel(), accel: 'native' }
        : { kernel: await fetched(spec, accel, note), accel },
    )
  return {
    kernels,
    cases,
    root: { userland: (await userland({ note })).dir, programs: (await programs({ note })).dir },
    haproxy: await haproxy(options.haproxy, { note }),
  }
}

async function fetched(spec: string, accel: Cell['accel'], note: Note): Promise<CellKernel> {
  const { name, series, sha256, image, vmlinux, modules } = await obtainKernel(spec, { note })
  // QEMU enters an uncompressed kernel at its PVH note; emulation saves the time of unpacking it in the guest.
  return { name, series, sha256, image: (accel === 'tcg' && vmlinux) || image, modules }
}

function runningKernel(): CellKernel {
  const name = release()
  const series = /^\d+\.\d+/.exec(readFileSync('/proc/sys/kernel/osrelease', 'utf8'))![0]
  return { name, series, sha256: null, image: null, modules: null }
}
