import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { $ } from 'zx/core'
import type { Event } from '../../model/events.ts'
import { attend } from '../attend.ts'
import { type Boot, DIES_WITH_LAB, type GuestFacts, GuestFailed, type Observer } from '../guest.ts'
import { layOutCell } from '../host/layout.ts'
import { alone, bringUp, sshTo } from './machines.ts'

const CLOCKSOURCE = 'sys/devices/system/clocksource/clocksource0'

/**
 * Runs a guest in fresh namespaces of a machine of Vagrant's, as on the running kernel: the root file system is copied
 * there, its events come back on the stdout of ssh, its console on stderr. When ssh ends, the next event has nowhere to go,
 * and the guest ends with it.
 */
export async function runVagrant(
  boot: Boot,
  folder: string,
  observer: Observer,
  signal: AbortSignal,
): Promise<GuestFacts> {
  const { machine } = boot.kernel
  if (machine === undefined) throw new GuestFailed('its kernel is that of no machine')
  return alone(machine, () => runOn(machine, boot, folder, observer, signal))
}

async function runOn(
  machine: string,
  boot: Boot,
  folder: string,
  observer: Observer,
  signal: AbortSignal,
): Promise<GuestFacts> {
  signal.throwIfAborted()
  // A run that is resumed finds it down.
  await bringUp(machine, (line) => observer.console(`${line}\n`), signal)
  const [ssh] = await Promise.all([
    sshTo(machine, join(folder, 'ssh-config')),
    layOutCell(boot, join(folder, 'rootfs')),
  ])
  const there = `/var/tmp/hitless-${randomBytes(6).toString('hex')}`
  const copied = await $({
    quiet: true,
    nothrow: true,
    signal,
  })`tar -C ${folder} -c rootfs | ${ssh} ${`sudo sh -c 'mkdir ${there} && tar -C ${there} -x'`}`
  if (copied.exitCode !== 0) throw new GuestFailed(`the cell cannot be copied to ${machine}: ${copied.stderr.trim()}`)
  const argv = [...DIES_WITH_LAB, ...ssh, `sudo sh -c '${startCommand(there, boot.modules)}'`]
  observer.command(argv)

  const started = performance.now()
  const remote = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const gone = once(remote, 'close')
  remote.stderr.on('data', (text) => observer.console(String(text)))
  let bootMs: number | null = null
  const onEvent = (event: Event) => {
    bootMs ??= performance.now() - started
    observer.event(event)
  }
  try {
    await attend(remote.stdout, { ...observer, event: onEvent }, boot.seconds, signal)
    return { vcpus: [], vcpusAtEnd: [], waited: null, bootMs, starts: 1 }
  } finally {
    remote.kill('SIGKILL')
    await gone
    await $({ quiet: true, nothrow: true })`${ssh} ${`sudo sh -c '${endCommand(there)}'`}`
  }
}

/**
 * What starts a guest there. Its modules are loaded from the machine's own; what is missing the probes find out. sudo closes
 * what it does not know, so the descriptor of the events is made behind it.
 */
export const startCommand = (there: string, modules: string[]) =>
  [
    ...['af_packet', 'unix', ...modules].map((module) => `modprobe ${module} 2>/dev/null`),
    `mkdir -p ${there}/rootfs/${CLOCKSOURCE}`,
    `cat /${CLOCKSOURCE}/current_clocksource >${there}/rootfs/${CLOCKSOURCE}/current_clocksource`,
    `echo $$ >${there}/pid`,
    `exec ${there}/rootfs/bin/busybox unshare -n -m -p -i -u -f ${there}/rootfs/init --host ${there}/rootfs 3 3>&1 >&2`,
  ].join('; ')

/** What ends it, in case that it has not ended itself, and leaves nothing there. Process 1 takes all others with it. */
export const endCommand = (there: string) =>
  `for pid in $(${there}/rootfs/bin/busybox pgrep -P $(cat ${there}/pid)); do kill -9 $pid; done 2>/dev/null; rm -rf ${there}`
