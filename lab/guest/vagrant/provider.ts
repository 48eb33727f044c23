import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { $ } from 'zx/core'
import type { Result } from '../../model/result.ts'

/** What runs a machine, and the version of its QEMU; else why that is not known. None is where there is no QEMU. */
export type Provider = { name: string; qemu?: string; unknown?: string }

/** What `vagrant status --machine-readable` printed of providers: a machine and the name of its own, each. */
const providerLines = (said: string) =>
  said
    .split(/\r?\n/)
    .map((line) => line.split(','))
    .flatMap(([, machine, what, name]) => (what === 'provider-name' && name ? [{ machine, name }] : []))

/** Reads what `vagrant status --machine-readable` printed. @returns undefined where it names no provider */
export const providerIn = (said: string, machine: string): string | undefined =>
  providerLines(said).find((line) => line.machine === machine)?.name

/** The providers of all machines, each once. */
export const providersIn = (said: string): string[] => [...new Set(providerLines(said).map(({ name }) => name))]

/** The program that executes a domain, by what `virsh dumpxml` printed. */
export const emulatorIn = (xml: string): string | undefined => /<emulator>([^<]+)<\/emulator>/.exec(xml)?.[1]?.trim()

/**
 * What really runs a machine that is up: its provider has a QEMU of its own, which need not be the lab's. Never fails.
 *
 * @param said by `vagrant status --machine-readable`
 * @param folder of Vagrant's state
 */
export async function providerOf(machine: string, said: string, folder: string): Promise<Provider> {
  const name = providerIn(said, machine) ?? 'a provider that Vagrant does not name'
  // VirtualBox, VMware and others run none.
  if (!/libvirt|qemu/.test(name)) return { name }
  if (name !== 'libvirt') return { name, unknown: 'only libvirt says which it runs' }
  try {
    return {
      name,
      qemu: await qemuOfDomain(readFileSync(join(folder, 'machines', machine, name, 'id'), 'utf8').trim()),
    }
  } catch (error) {
    return { name, unknown: (error as Error).message.trim().split('\n')[0] }
  }
}

/** Where libvirt is asked. */
export const libvirtUri = () => process.env.LIBVIRT_DEFAULT_URI || 'qemu:///system'

/** @throws Error where libvirt, or the program that it names, does not say */
async function qemuOfDomain(id: string): Promise<string> {
  const run = $({ quiet: true, nothrow: true })
  const domain = await run`virsh --readonly --connect ${libvirtUri()} dumpxml ${id}`
  const emulator = emulatorIn(domain.stdout)
  if (!emulator) throw new Error(`virsh dumpxml ${id} names no emulator: ${domain.stderr}`)
  const { stdout, stderr } = await run`${emulator} --version`
  const [version] = stdout.split('\n')
  if (!version) throw new Error(`${emulator} --version: ${stderr}`)
  return version
}

/** What a result says of the host whose machines of Vagrant carry its cells. @param others whether QEMU guests of the lab's own do, too */
export function hostWith(host: Result['host'], providers: Provider[], others: boolean): Result['host'] {
  const each = (of: (provider: Provider) => string | undefined) => [
    ...new Set(providers.flatMap((one) => of(one) ?? [])),
  ]
  const doubt = ({ unknown }: Provider) => (unknown ? `, whose QEMU is not known: ${unknown}` : '')
  const own = ({ qemu }: Provider) => (others && qemu ? ` with ${qemu}` : '')
  return {
    ...host,
    provider: each((one) => `${one.name}${own(one)}${doubt(one)}`).join('; '),
    qemu: others ? host.qemu : each(({ qemu }) => qemu).join('; ') || null,
  }
}
