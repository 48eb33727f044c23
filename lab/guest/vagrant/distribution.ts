import { join } from 'node:path'
import { $ } from 'zx/core'
import { cached, scratch } from '../../../images/cache/cache.ts'
import type { ObtainedProxy } from '../../../images/proxies/obtain.ts'
import { DISTRIBUTION } from '../../../images/proxies/proxies.ts'
import type { ProxyKind } from '../../../images/proxies/proxy.ts'
import { notReady } from '../../model/fault.ts'
import type { Supply } from '../../model/supply.ts'
import { sshTo } from './machines.ts'

/**
 * The proxy that the distribution of a machine has, with the libraries and the loader that it needs there, as a folder of the
 * cache that is copied over the root of a guest: each file is where the machine has it.
 *
 * @param machine one that runs
 * @throws a Fault (exit 3) where it has none, with the command that installs it
 */
export async function proxyOfMachine(
  machine: string,
  { name, title, distribution, versionFlag, versionIn }: ProxyKind,
  { signal }: Pick<Supply, 'signal'>,
): Promise<ObtainedProxy> {
  const asked = `--proxy ${name}:${DISTRIBUTION}`
  if (!distribution) throw notReady(`${asked}: the lab measures no ${title} of a distribution`)
  return scratch('ssh', async (folder) => {
    const ssh = await sshTo(machine, join(folder, 'ssh-config'))
    const run = $({ quiet: true, nothrow: true, signal })
    const { exitCode, stdout, stderr } = await run`${ssh} ${askCommand(distribution, versionFlag)}`
    signal.throwIfAborted()
    if (exitCode === ABSENT)
      throw notReady(
        `${asked}: ${machine} has no ${distribution}`,
        `${installCommand(machine, name)}\n${NEEDS_MIRROR}; or the lab's own: --proxy ${name}`,
      )
    const found = programIn(stdout, versionIn)
    if (!found) throw notReady(`${asked}: ${machine} does not say what it has: ${JSON.stringify(stdout + stderr)}`)
    const path = await cached('distribution', name, found.sums, async (dir) => {
      const pack = `cd / && tar -ch ${found.files.map((file) => `.${file}`).join(' ')}`
      await $({ quiet: true, signal })`${ssh} ${pack} | tar -C ${dir} -x`
    })
    return { path, version: found.version, debian: null }
  })
}

/** Installs a distribution's package. A machine that the lab has brought up is gone by then. */
const installCommand = (machine: string, name: string) =>
  `vagrant up ${machine}; vagrant ssh ${machine} -c 'sudo apt-get update && sudo apt-get install -y ${name}'`

/** What apt needs there. */
const NEEDS_MIRROR =
  'k5-10 and later find it on a mirror; on older ones /etc/apt/sources.list must first name archive.debian.org'

/** The exit status of {@link askCommand} where there is no such program, as a shell's. */
const ABSENT = 127

/**
 * Makes a machine print a program's version, and the SHA-256 and path of it and of each of its libraries. HAProxy
 * opens libgcc_s by itself.
 */
const askCommand = (program: string, versionFlag: string) =>
  [
    `test -x ${program} || exit ${ABSENT}`,
    `${program} ${versionFlag} 2>&1`,
    `libraries=$(ldd ${program} | grep -o '/[^ ]*')`,
    `sha256sum ${program} $(printf '%s\\n' $libraries $(ls /lib/x86_64-linux-gnu/libgcc_s.so.1) | sort -u)`,
  ].join('; ')

/** What a machine says of a program, and what has to be copied. */
export interface MachineProgram {
  /** With what the distribution adds: 2.6.12-1+deb12u3, which tells it from the lab's own. */
  version: string
  files: string[]
  sums: string[]
}

/** Reads what {@link askCommand} printed. @returns null where something is missing */
export function programIn(said: string, versionIn: ProxyKind['versionIn']): MachineProgram | null {
  const upstream = versionIn(said)
  const hashed = [...said.matchAll(/^[\da-f]{64} [ *](\/\S+)$/gm)]
  const files = hashed.map(([, path]) => path!)
  // A program without a loader is static, and none of a distribution's.
  if (!upstream || !files.some((file) => /\/ld-linux[^/]*$/.test(file))) return null
  const version = /^\S+/.exec(said.slice(said.indexOf(upstream)))![0]
  return { version, files, sums: hashed.map(([line]) => line) }
}
