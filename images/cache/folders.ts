import { mkdirSync, statSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, normalize, relative, resolve } from 'node:path'
import { notReady } from '../../lab/model/fault.ts'

/** The folder of everything that was fetched or built: `$XDG_CACHE_HOME/hitless`, else `~/.cache/hitless`. */
export const cacheRoot = () => resolve(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hitless')

/**
 * A folder of the cache, made where it is missing.
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

/** The Fault (exit 3) of a cache that cannot be used. */
export const noCache = (why: string) =>
  notReady(`the cache ${cacheRoot()} cannot be used: ${why}`, 'XDG_CACHE_HOME=/a/folder/of/yours, and the same again')

/** The disk is full, the user's share of it is used up, or it cannot be written. */
const FULL = ['ENOSPC', 'EDQUOT', 'EROFS']

/** A Fault where an error says that the cache's disk takes no more; else the error itself. */
export const cacheFault = (error: NodeJS.ErrnoException): Error =>
  FULL.includes(error.code ?? '') ? noCache(error.message) : error

/**
 * Makes a folder and those above it that are missing. mkdir's own `recursive` is not used: in Node.js 20 it never
 * returns where the folder above takes no others, as /proc does.
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

/** Whether a relative path stays below its folder, by its text alone: links are not followed. */
export const staysBelow = (path: string): boolean => !isAbsolute(path) && !/^\.\.?(\/|$)/.test(normalize(path))

/** The real path of a path below a folder; null where a link leads out of the folder, or nowhere. */
export async function realPathBelow(folder: string, path: string): Promise<string | null> {
  const real = await realpath(join(folder, path)).catch(() => null)
  return real !== null && staysBelow(relative(await realpath(folder), real)) ? real : null
}
