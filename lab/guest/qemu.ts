import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { file, writeInitrd } from '../../images/initramfs.ts'
import { modulesArchive } from '../../images/modules.ts'
import { baseArchive, haproxyArchive } from '../../images/root.ts'
import type { Cell } from '../plan/cell.ts'
import { attend } from './attend.ts'
import type { Event } from './events.ts'
import { cellFiles } from './files.ts'
import { GuestFailed, type Outside, type Watcher } from './guest.ts'
import { FD, qemuCommand } from './machine.ts'
import { Qmp } from './qmp.ts'
import { allowedCpus, cpuNumbers, pin, watchWaiting } from './threads.ts'

/** Runs a cell in a virtual machine with two vCPUs, each pinned to a host CPU of its own where there are two. */
export async function runQemu(cell: Cell, folder: string, watcher: Watcher, signal: AbortSignal): Promise<Outside> {
  const initrd = join(folder, 'initrd')
  await packInitrd(cell, initrd)
  const argv = qemuCommand(cell, initrd)
  watcher.command(argv)

  const started = performance.now()
  const qemu = spawn(argv[0]!, argv.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    // Its own process group: Ctrl-C is the lab's to answer, and it ends the guest after saving what was measured.
    detached: true,
  })
  const gone = once(qemu, 'close')
  const stream = (fd: number) => qemu.stdio[fd] as Duplex
  const said: string[] = []
  qemu.stderr!.on('data', (text) => said.push(String(text)))
  stream(FD.console)
    .on('data', (text) => watcher.console(String(text)))
    // Reset when QEMU is killed; that it was, the event stream tells.
    .on('error', () => {})

  let threads: number[] = []
  let bootMs: number | null = null
  let stopWaiting: (() => number | null) | undefined
  const outside: Outside = { vcpus: [], waited: null, bootMs: null }
  const onEvent = (event: Event) => {
    bootMs ??= performance.now() - started
    if (event.e === 'reloading') {
      outside.vcpus = threads.map(allowedCpus)
      stopWaiting = watchWaiting(threads)
    }
    if (event.e === 'draining') outside.waited = stopWaiting!()
    watcher.event(event)
  }
  try {
    const pinned = pinVcpus(new Qmp(stream(FD.qmp))).then((tids) => {
      threads = tids
    })
    // A guest that ends early says so on its event stream; its control socket then only repeats it.
    pinned.catch(() => {})
    const { duration } = cell.load
    await attend(stream(FD.events), { ...watcher, event: onEvent }, duration, signal)
    await pinned
    return { ...outside, bootMs }
  } catch (error) {
    if (error instanceof GuestFailed && said.length) error.message += `; QEMU said: ${said.join('').trim()}`
    throw error
  } finally {
    qemu.kill('SIGKILL')
    await gone
  }
}

async function packInitrd(cell: Cell, path: string) {
  const modules = await modulesArchive(cell.kernel.modules, cell.case.needs?.modules ?? [])
  const files = Object.entries(cellFiles(cell, { proxy: 0, generator: 1 }))
  await writeInitrd(
    path,
    [await baseArchive(cell.root), await haproxyArchive(cell.haproxy.path), modules.archive],
    files.map(([name, content]) => file(`cell/${name}`, content)),
  )
}

/** Gives each vCPU thread a host CPU of its own, out of those that the lab itself may use. */
async function pinVcpus(qmp: Qmp): Promise<number[]> {
  const tids = await qmp.vcpuThreads()
  const cpus = cpuNumbers(allowedCpus('self'))
  await Promise.all(tids.map((tid, i) => pin(tid, cpus[i % cpus.length]!)))
  return tids
}
