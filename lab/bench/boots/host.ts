import * as v from 'valibot'
import { Result } from '../../model/result.ts'
import { qemuVersion } from '../record/text.ts'

/** What an engine's machine is, by the engine's name. */
export const SideHost = v.object({ side: v.string(), host: Result.entries.host })
export type SideHost = v.InferOutput<typeof SideHost>

/** "local: QEMU 7.2.22; docker: QEMU 10.0.13, Docker 20.10" */
export const hostsText = (hosts: SideHost[]): string =>
  hosts
    .map(({ side, host: { qemu, tools = {} } }) =>
      [`${side}: QEMU ${qemuVersion(qemu)}`, tools.docker && `Docker ${tools.docker}`].filter(Boolean).join(', '),
    )
    .join('; ')
