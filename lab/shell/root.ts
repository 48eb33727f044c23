import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { quote } from 'zx/core'
import { shellBootOf } from '../guest/boot.ts'
import { layOutForHands } from '../guest/host/layout.ts'
import { located } from '../guest/parts.ts'
import { EXIT } from '../model/fault.ts'
import type { Request } from '../model/request.ts'
import { makeFolder, requireEmpty, unmakeFolders } from '../saved/files.ts'
import { cellOf, type Options } from './cell.ts'
import { greetingOf, HERE } from './greeting.ts'

/** The CPUs of the machine where it is used: which has two, as a guest has. */
const CPUS = { proxy: 0, generator: 1 }

/**
 * Lays the root of a guest out in a folder, and prints how it is used. Where that fails the folder is as it was.
 *
 * @param folder new or empty
 * @throws a Fault: exit 2 for what does not exist or is in the way, exit 3 for what cannot be had
 */
export async function layOutShell(request: Request, folder: string, options: Options, signal: AbortSignal) {
  const made = makeFolder(folder, '--root')
  try {
    requireEmpty(folder, '--root')
    const cell = await cellOf(request, options, signal)
    const boot = shellBootOf(await located(cell), greetingOf(cell, HERE), `${cell.case.name} # `, CPUS)
    try {
      await layOutForHands(boot, folder)
      signal.throwIfAborted()
    } catch (error) {
      const entries = await readdir(folder)
      await Promise.all(entries.map((entry) => rm(join(folder, entry), { recursive: true })))
      throw error
    }
  } catch (error) {
    unmakeFolders(made)
    throw error
  }
  process.stdout.write(usageOf(folder))
  return EXIT.expected
}

const usageOf = (folder: string) => `A shell in it, on the kernel that runs, with load and reload at hand:
  sudo ${quote(join(folder, 'enter'))}
The same on a machine of the Vagrantfile:
  HITLESS_ROOT=${quote(resolve(folder))} vagrant up k6-1
  vagrant ssh k6-1 -c 'sudo /opt/hitless/enter'
`
