import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { layOutRoot } from '../../images/root.ts'
import type { Cell } from '../plan/cell.ts'
import { attend } from './attend.ts'
import type { Event } from './events.ts'
import { cellFiles } from './files.ts'
import type { Outside, Watcher } from './guest.ts'
import { allowedCpus, cpuNumbers } from './threads.ts'

const EVENTS = 3

/**
 * Runs a cell on the running kernel, in user, network, mount, PID, IPC and UTS namespaces made for it: the same
 * programs, the same root file system, no emulation. The host's own network, firewall and sysctls are out of reach.
 * When process 1 of the PID namespace goes, the kernel ends everything in it.
 */
export async function runHost(cell: Cell, folder: string, watcher: Watcher, signal: AbortSignal): Promise<Outside> {
  const root = join(folder, 'rootfs')
  await layOut(cell, root)
  const namespaces = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--ipc', '--uts']
  const argv = ['unshare', ...namespaces, '--fork', '--kill-child', join(root, 'init'), '--host', root, String(EVENTS)]
  watcher.command(argv)

  const started = performance.now()
  const init = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true })
  const gone = once(init, 'close')
  for (const stream of [init.stdout!, init.stderr!]) stream.on('data', (text) => watcher.console(String(text)))
  let bootMs: number | null = null
  const onEvent = (event: Event) => {
    bootMs ??= performance.now() - started
    watcher.event(event)
  }
  try {
    await attend(init.stdio[EVENTS] as Readable, { ...watcher, event: onEvent }, cell.load.duration, signal)
    return { vcpus: [], waited: null, bootMs, boots: 1 }
  } finally {
    init.kill('SIGKILL')
    await gone
  }
}

/** The proxy gets the first CPU that the lab may use, the generator the second. */
export function hostCpus() {
  const [proxy, generator] = cpuNumbers(allowedCpus('self'))
  return { proxy: proxy!, generator: generator ?? proxy! }
}

async function layOut(cell: Cell, root: string) {
  await layOutRoot(root, cell.root, cell.haproxy.path)
  // The clock source is read from /sys, which the namespaces do not mount. Not with cp: copy_file_range(2) never ends there.
  const clocksource = 'sys/devices/system/clocksource/clocksource0'
  await mkdir(join(root, clocksource), { recursive: true })
  await writeFile(join(root, clocksource, 'current_clocksource'), await readFile(`/${clocksource}/current_clocksource`))
  for (const [name, content] of Object.entries(cellFiles(cell, hostCpus())))
    await writeFile(join(root, 'cell', name), content)
}
