import { execFile } from 'node:child_process'
import { cpus, release } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Result } from '../../model/result.ts'
import { THEN } from '../../render/facts/machines/hosts.ts'
import { isIdentified, labIn, UNKNOWN } from './changes.ts'

/** The lab's own directory. */
export const HOME = fileURLToPath(new URL('../../..', import.meta.url))

type RunProvenance = Pick<Result, 'lab' | 'host'>

/**
 * The version of the lab and the machine that a run is carried out with.
 *
 * @param host tells the machine, where it is another one
 */
export async function runProvenance(host: () => Promise<Result['host']> = thisHost): Promise<RunProvenance> {
  const [lab, where] = await Promise.all([labIn(HOME, (...args) => said('git', ...args)), host()])
  return { lab, host: where }
}

/** This machine, and what runs on it. Never fails. */
export async function thisHost(): Promise<Result['host']> {
  const [qemu, gcc] = await Promise.all([said('qemu-system-x86_64', '--version'), said('gcc', '-dumpfullversion')])
  return {
    kernel: release(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: cpus().length,
    qemu: qemu?.split('\n')[0] ?? null,
    tools: { node: process.versions.node, ...(gcc && { gcc }) },
  }
}

/** What a command that runs in the lab's own directory prints; null when it is missing or fails. */
export async function said(command: string, ...args: string[]): Promise<string | null> {
  try {
    return (await promisify(execFile)(command, args, { cwd: HOME })).stdout.trim()
  } catch {
    return null
  }
}

/** The provenance of a run that was resumed: where something has changed, it says "a, then b". */
export function joinProvenance(was: RunProvenance, is: RunProvenance): RunProvenance {
  const then = (before: string | null, now: string | null) =>
    `${before}`.split(THEN).at(-1) === `${now}` ? before : `${before}${THEN}${now}`
  /** Of what one of them may not tell: an older lab did not, and nothing need have been changed. */
  const optional = (before: string | undefined, now: string | undefined, absent: string) =>
    before === undefined && now === undefined ? undefined : then(before ?? absent, now ?? absent)!
  const changes = optional(was.lab.changes, is.lab.changes, 'none')
  // A lab that has a commit tells its files by it.
  const filesOf = ({ lab }: RunProvenance) => lab.files ?? (isIdentified(lab) ? 'none' : UNKNOWN)
  const files = was.lab.files || is.lab.files ? then(filesOf(was), filesOf(is))! : undefined
  const image = optional(was.host.image, is.host.image, 'unknown')
  const imageId = optional(was.host.imageId, is.host.imageId, 'unknown')
  const provider = optional(was.host.provider, is.host.provider, 'unknown')
  return {
    lab: {
      version: then(was.lab.version, is.lab.version)!,
      commit: then(was.lab.commit, is.lab.commit),
      ...(changes && { changes }),
      ...(files && { files }),
    },
    host: {
      ...is.host,
      kernel: then(was.host.kernel, is.host.kernel)!,
      cpu: then(was.host.cpu, is.host.cpu)!,
      qemu: then(was.host.qemu, is.host.qemu),
      ...(image && { image }),
      ...(imageId && { imageId }),
      ...(provider && { provider }),
      tools: Object.fromEntries(
        Object.entries(is.host.tools ?? {}).map(([name, now]) => [name, then(was.host.tools?.[name] ?? now, now)!]),
      ),
    },
  }
}
