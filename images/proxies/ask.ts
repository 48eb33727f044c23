import { execFile } from 'node:child_process'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { scratch } from '../cache/cache.ts'
import { programs } from '../userland/programs.ts'

/** Another program may do anything when it is asked for its version: milliseconds until it is ended. */
const PATIENCE = 10_000
/** Bytes of output after which it is. */
const MOST_OUTPUT = 64 * 1024
/** What init mounts something on. */
const MOUNT_POINTS = ['dev', 'proc', 'run', 'tmp']
/** What init itself says; a program that says so as well is no proxy. */
const WALLS = /^init: .*$/m

/** What a program said. */
interface Answer {
  stdout: string
  stderr: string
}

/**
 * Runs a stranger's static program with one argument, behind the walls of a cell on the running kernel
 * (images/guest/init/walls.h): a copy of it is the only file of a read-only root, it has no network, no capability and no
 * user that this host knows, and its time and output are bounded.
 *
 * @throws a Fault (exit 3) when this host refuses the namespaces for that
 */
export async function askProgram(path: string, argument: string, supply: Supply): Promise<Answer> {
  const { dir } = await programs(supply)
  return scratch('ask', async (root) => {
    await Promise.all(MOUNT_POINTS.map((name) => mkdir(join(root, name))))
    await copyFile(path, join(root, 'program'))
    const answer = await new Promise<Answer>((resolve) => {
      const limits = { timeout: PATIENCE, maxBuffer: MOST_OUTPUT, killSignal: 'SIGTERM' as const }
      const child = execFile(
        'setpriv',
        ['--pdeathsig', 'KILL', '--', join(dir, 'init'), '--alone', root, '/program', argument],
        limits,
        (_, stdout, stderr) => resolve({ stdout, stderr }),
      )
      child.stdin!.end()
    })
    supply.signal.throwIfAborted()
    const refused = WALLS.exec(answer.stderr)
    if (refused) throw notReady(`${path} cannot be run apart from this host: ${refused[0]}`, 'npx tsx lab/doctor.ts')
    return answer
  })
}
