import { mkdirSync, statSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, normalize, relative, resolve } from 'node:path'
import { notReady } from '../../lab/model/fault.ts'

/** Where everything fetched or built is kept: `$XDG_CACHE_HOME/hitless`, else `~/.cache/hitless`. */
export const cacheRoot = () => resolve(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hitless')

/**
 * A folder of the cache, made when it is missing.
 *
 * @throws a Fault (exit 3) when it cannot be made
 */
export function cacheFolder(...below: string[]): string {
  const path = join(cacheRoot(), ...below)
  try {
    makeFolders(path)
  } catch (error) {
    throw noCache((error as Error).message)
  }
  return path
}

/** A cache that cannot be used, and why. */
export const noCache = (why: string) =>
  notReady(`the cache ${cacheRoot()} cannot be used: ${why}`, 'XDG_CACHE_HOME=/a/folder/of/yours, and the same again')

/**
 * Makes a folder and those above it that are missing. Not with mkdir's own `recursive`: in Node.js 20 it never comes
 * back where the folder above is there and takes none, as in /proc.
 *
 * @throws the error of mkdir(2)
 */
export function makeFolders(path: string): void {
  if (isFolder(path)) return
  if (dirname(path) !== path) makeFolders(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(path)) throw error
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Whether a path stays below the folder that it is relative to, by its text: links are another question. */
export const staysBelow = (path: string): boolean => !isAbsolute(path) && !/^\.\.?(\/|$)/.test(normalize(path))

/** Where a path below a folder really is; null when a link leads out of the folder, or nowhere. */
export async function realPathBelow(folder: string, path: string): Promise<string | null> {
  const real = await realpath(join(folder, path)).catch(() => null)
  return real !== null && staysBelow(relative(await realpath(folder), real)) ? real : null
}
