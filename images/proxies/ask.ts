import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
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
const MOUNT_POINTS = ['cell', 'dev', 'proc', 'run', 'tmp']
/** What init itself says; a program that says so as well is no proxy. */
const WALLS = /^init: .*$/m

/** Namespaces as init makes them, by a program that is not the stranger's. */
const NAMESPACES = ['--user', '--map-root-user', '--mount', '--pid', '--ipc', '--uts', '--fork', 'true']

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
 * One exception: a container whose runtime filters system calls refuses namespaces, so that it is the wall itself. There
 * the program runs as the lab does, without any new privilege, and bounded in the same way.
 *
 * @throws a Fault (exit 3) when this host refuses the namespaces for that
 */
export async function askProgram(path: string, argument: string, supply: Supply): Promise<Answer> {
  const { dir } = await programs(supply)
  return scratch('ask', async (root) => {
    await Promise.all(MOUNT_POINTS.map((name) => mkdir(join(root, name))))
    await copyFile(path, join(root, 'program'))
    const apart = isFiltered() && (await refused()) ? [path] : [join(dir, 'init'), '--alone', root, '/program']
    const answer = await bounded([...apart, argument])
    supply.signal.throwIfAborted()
    const missing = apart[0] === path ? null : WALLS.exec(answer.stderr)
    if (missing) throw notReady(`${path} cannot be run apart from this host: ${missing[0]}`, 'npx tsx lab/doctor.ts')
    return answer
  })
}

const isFiltered = () => /^Seccomp:\s*2/m.test(readFileSync('/proc/self/status', 'utf8'))

const refused = () => new Promise<boolean>((resolve) => execFile('unshare', NAMESPACES, (error) => resolve(!!error)))

/** SIGTERM lets init end what it has begun; where it is the program itself that gets it, that may not care. */
const bounded = (command: string[]) =>
  new Promise<Answer>((resolve) => {
    const limits = {
      timeout: PATIENCE,
      maxBuffer: MOST_OUTPUT,
      killSignal: command.includes('--alone') ? ('SIGTERM' as const) : ('SIGKILL' as const),
    }
    const prefix = ['--pdeathsig', 'KILL', '--no-new-privs', '--']
    const child = execFile('setpriv', [...prefix, ...command], limits, (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    )
    child.stdin!.on('error', () => {}).end()
  })
