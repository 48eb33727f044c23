import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { $ } from 'zx/core'
import { LASTING } from '../../images/cache/lasting.ts'
import { notReady } from '../model/fault.ts'
import type { Note } from '../model/text/note.ts'

/** Whether missing packages are installed: never; where root runs the lab or a person says so; or without asking. */
export type Installs = 'never' | 'ask' | 'always'

/** Whether packages may be installed, who is told, and when to stop. */
export interface Consent {
  install: Installs
  note: Note
  signal: AbortSignal
}

const isRoot = () => process.getuid?.() === 0
const sudo = () => (isRoot() ? '' : 'sudo ')

/** apt-get may bring packages, and never takes one away. */
const INSTALL = ['install', '-y', '--no-install-recommends', '--no-remove']

/** What a person types to install packages. */
export const installCommand = (packages: string[]) => `${sudo()}apt-get ${INSTALL.join(' ')} ${packages.join(' ')}`

/** For questions that change nothing, answered in English. */
const run = $({ quiet: true, nothrow: true, detached: false, env: { ...process.env, LC_ALL: 'C', LANGUAGE: '' } })

/**
 * Installs packages: says first which command does it and what that brings. Updates the package lists where they know
 * nothing of the packages, or are too old to fetch them.
 *
 * Nothing is installed after an interrupt, and what was begun by then ends first, so that no package is half installed.
 *
 * @param lacks what the host lacks, as a sentence
 * @returns false where it was not allowed to
 * @throws a Fault (exit 3) with the end of what apt-get said; the reason of `signal`
 */
export async function aptInstall(packages: string[], lacks: string, consent: Consent): Promise<boolean> {
  const command = installCommand(packages)
  const install = async () => {
    const brings = await preview(packages)
    if (!brings) return null
    consent.note(`${lacks}; ${command}\n  brings ${brings}`)
    return (await allowed(command, consent)) && calmly([...INSTALL, ...packages], consent)
  }
  const first = await install()
  if (first === false || first?.exitCode === 0) return first !== false
  const update = `${sudo()}apt-get update`
  consent.note(`${lacks}; ${update} asks Debian which packages have it`)
  if (!(await allowed(update, consent))) return false
  await calmly(['update'], consent)
  const again = await install()
  if (again === false || again?.exitCode === 0) return again !== false
  const said = again?.stderr.trim().split('\n').slice(-5).join('\n') ?? 'its lists do not have all of them'
  throw notReady(`apt-get could not install ${packages.join(' ')}:\n${said}`, command)
}

/** What an installation would bring, as the end of a sentence; null where the package lists do not know it all. */
async function preview(packages: string[]): Promise<string | null> {
  // It resolves and prints, and needs neither root nor a lock.
  const { exitCode, stdout } = await run`apt-get ${INSTALL} --print-uris ${packages}`
  return exitCode === 0 ? broughtBy(stdout) : null
}

/** What `apt-get install --print-uris` says, as the end of a sentence. */
export function broughtBy(said: string): string {
  const section = (title: string) =>
    new RegExp(`^The following ${title}:\\n((?: {2}.*\\n)+)`, 'm').exec(said)?.[1]?.trim().split(/\s+/) ?? []
  const [added, upgraded] = [section('NEW packages will be installed'), section('packages will be upgraded')]
  const fetched = /^Need to get (?:.*\/)?(.+) of archives/m.exec(said)?.[1]
  const kept = /^After this operation, (.+) of additional disk space/m.exec(said)?.[1]
  const sizes = [fetched && `${fetched} to fetch`, kept && `${kept} on disk`].filter(Boolean).join(', ')
  const others = upgraded.length ? `; newer versions of ${upgraded.join(' ')}` : ''
  const count = `${added.length} package${added.length === 1 ? '' : 's'}`
  return `${count}${sizes && ` (${sizes})`}: ${added.join(' ')}${others}`
}

/** Whether a command may run: root's do, others are asked, and where nobody answers sudo must not ask either. */
async function allowed(command: string, { install, signal }: Consent): Promise<boolean> {
  signal.throwIfAborted()
  if (install === 'never') return false
  if (isRoot()) return true
  if (install === 'always') return (await run`sudo -n true`).exitCode === 0
  if (!process.stdin.isTTY || !process.stderr.isTTY || (await run`sudo -V`).exitCode !== 0) return false
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  // While it asks, Ctrl-C is a key like others.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    const answer = await terminal.question(`Type y to run ${command}: `, { signal })
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    signal.throwIfAborted()
    // Ctrl-D: no answer.
    if (error instanceof Error && error.name === 'AbortError') return false
    throw error
  } finally {
    terminal.close()
  }
}

/**
 * Runs apt-get in a session of its own, where neither Ctrl-C nor a closed terminal reaches it, and waits for its end
 * whatever happens meanwhile. On the way there, in sudo, signals are ignored.
 *
 * @throws the reason of the signal, once apt-get has ended
 */
async function calmly(
  words: string[],
  { note, signal }: Consent,
): Promise<{ exitCode: number | null; stderr: string }> {
  const tell = () => note('interrupted: apt-get goes on to its end first, so that no package is half installed')
  const aptGet = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...words]
  const deaf = ['sh', '-c', `trap '' INT TERM HUP; exec "$0" "$@"`, 'setsid', '--wait', ...aptGet]
  const [program, ...rest] = [...(isRoot() ? [] : ['sudo']), ...deaf] as [string, ...string[]]
  const child = spawn(program, rest, { stdio: ['inherit', 'ignore', 'pipe'], env: { ...process.env, LC_ALL: 'C' } })
  LASTING.add(child.pid!)
  signal.addEventListener('abort', tell, { once: true })
  try {
    const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')])
    return { exitCode, stderr }
  } finally {
    LASTING.delete(child.pid!)
    signal.removeEventListener('abort', tell)
    signal.throwIfAborted()
  }
}
