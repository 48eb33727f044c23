import { spawn } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder, cacheRoot } from '../../images/cache/cache.ts'
import type { Result } from '../model/result.ts'
import { resultIn } from '../saved/reference.ts'

/** The checkout that this file is in. */
export const HOME = fileURLToPath(new URL('../..', import.meta.url))

/** The lab's sources: everything in a checkout that a run reads, except what npm installs. */
const SOURCES = ['lab', 'images', 'cases', 'package.json', 'tsconfig.json']

/** Runs `use` with an empty folder and removes it afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hitless-sabotage-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Copies the checkout into an empty folder, to be sabotaged there. */
export function copyCheckout(folder: string) {
  for (const part of SOURCES) cpSync(join(HOME, part), join(folder, part), { recursive: true })
  symlinkSync(join(HOME, 'node_modules'), join(folder, 'node_modules'))
}

/**
 * Makes a cache that links to everything in the user's own, and keeps what a sabotaged lab builds out of that one.
 *
 * @returns its XDG_CACHE_HOME
 */
export function copyCache(folder: string): string {
  cacheFolder('programs')
  const [from, to] = [cacheRoot(), join(folder, 'cache', 'hitless')]
  for (const kind of readdirSync(from, { withFileTypes: true })) {
    if (!kind.isDirectory() || kind.name.startsWith('scratch-')) continue
    mkdirSync(join(to, kind.name), { recursive: true })
    for (const entry of readdirSync(join(from, kind.name), { withFileTypes: true })) {
      const [own, copy] = [join(from, kind.name, entry.name), join(to, kind.name, entry.name)]
      // A record or a log would be written through its link.
      if (entry.isDirectory()) symlinkSync(own, copy)
      else copyFileSync(own, copy)
    }
  }
  return join(folder, 'cache')
}

/** How a run of the lab ended. */
export interface Ran {
  status: number | null
  stderr: string
  /** The folder of the run. */
  out: string
  result: Result
}

/**
 * Runs lab/run.ts of a checkout as a user does.
 *
 * @param out the folder in which the run is saved
 * @param cache its XDG_CACHE_HOME, where it is not the user's own
 * @throws Error with its stderr when it left no result
 */
export async function runLab(checkout: string, args: string[], out: string, signal: AbortSignal, cache?: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'lab/run.ts', ...args, '--out', out], {
    cwd: checkout,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...(cache && { XDG_CACHE_HOME: cache }) },
  })
  const end = () => child.kill('SIGTERM')
  signal.addEventListener('abort', end)
  let stderr = ''
  child.stderr.on('data', (text) => (stderr += text))
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  signal.removeEventListener('abort', end)
  signal.throwIfAborted()
  if (!existsSync(join(out, 'result.json')))
    throw new Error(`lab/run.ts ${args.join(' ')} ended with status ${status}: ${stderr}`)
  return { status, stderr, out, result: resultIn(out) } satisfies Ran
}
