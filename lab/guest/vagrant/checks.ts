import { $ } from 'zx/core'
import { list } from '../../model/text/amounts.ts'
import type { Check } from '../../model/text/check.ts'
import { INSTALL, status } from './machines.ts'
import { libvirtUri, providersIn } from './provider.ts'
import { errorsIn, statesIn } from './states.ts'

const run = $({ quiet: true, nothrow: true, detached: false })

/** What `--guest vagrant` needs beside packages, for `doctor`. No machine is brought up. */
export async function checkVagrant(): Promise<Check[]> {
  const vagrant = await program('vagrant', INSTALL)
  const ssh = await program('ssh', 'sudo apt-get install openssh-client')
  if (!vagrant.ok) return [vagrant, ssh]
  const { stdout, stderr } = await status()
  const providers = providersIn(stdout)
  const libvirt = providers.includes('libvirt') ? [await checkLibvirt()] : []
  const box = providers.length ? [boxCheck((await run`vagrant box list --machine-readable`).stdout, providers)] : []
  return [vagrant, ssh, ...machineChecks(stdout, stderr), ...libvirt, ...box]
}

async function program(name: string, mend: string): Promise<Check> {
  return { what: `${name} on the PATH`, ok: (await run`command -v ${name}`).exitCode === 0, mend }
}

/**
 * Whether Vagrant has something that runs machines, and knows those of the Vagrantfile.
 *
 * @param said by `vagrant status --machine-readable`, and what it wrote to stderr
 */
export function machineChecks(said: string, stderr: string): Check[] {
  const machines = [...statesIn(said).keys()]
  const providers = providersIn(said)
  const [why = ''] = (errorsIn(said) || stderr).trim().split(/\n\n|: *\n/)
  const reason = why ? ` (Vagrant says: ${why.replace(/\s+/g, ' ')})` : ''
  const provider = {
    what: `a provider, which runs the machines${providers.length ? ` (${list(providers)})` : reason}`,
    ok: providers.length > 0,
    mend: INSTALL,
  }
  // Without a provider Vagrant does not get as far as to the machines.
  if (!provider.ok) return [provider]
  const known = machines.length ? ` (${list(machines)})` : reason
  return [provider, { what: `machines in the Vagrantfile${known}`, ok: machines.length > 0, mend: 'vagrant status' }]
}

/** Whether libvirt answers. */
export async function checkLibvirt(): Promise<Check> {
  const uri = libvirtUri()
  const { exitCode, stderr } = await run`virsh --connect ${uri} list --all`
  return libvirtCheck(uri, exitCode === 0, stderr)
}

/** @param stderr what virsh wrote there */
export function libvirtCheck(uri: string, ok: boolean, stderr: string): Check {
  const why = stderr
    .trim()
    .split('\n')
    .at(-1)!
    .replace(/^error: /, '')
  const denied = /permission denied|authentication|polkit/i.test(stderr)
  return {
    what: `libvirt, which answers at ${uri}${ok || !why ? '' : ` (virsh says: ${why})`}`,
    ok,
    mend: denied
      ? 'sudo usermod -aG libvirt "$USER", and a new login'
      : /not found/.test(stderr)
        ? INSTALL
        : 'sudo systemctl start libvirtd',
  }
}

/**
 * Which boxes are there; without any the first `vagrant up` of a machine fetches its own.
 *
 * @param said by `vagrant box list --machine-readable`
 * @param providers that run machines here
 */
export function boxCheck(said: string, providers: string[]): Check {
  const boxes: { name: string; provider?: string }[] = []
  for (const line of said.split(/\r?\n/)) {
    const [, , what, value] = line.split(',')
    if (what === 'box-name' && value) boxes.push({ name: value })
    if (what === 'box-provider' && boxes.length) boxes.at(-1)!.provider = value
  }
  const usable = boxes.filter(({ provider }) => provider !== undefined && providers.includes(provider))
  const names = [...new Set(usable.map(({ name }) => name))]
  return {
    what: `boxes that machines are made of${names.length ? ` (${list(names)})` : ''}`,
    ok: names.length > 0,
    optional: true,
    mend: 'vagrant up k6-1 fetches that of k6-1, and so does the first run',
  }
}
