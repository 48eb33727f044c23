import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { quote } from 'zx/core'
import { EXIT, Fault, usage } from '../model/fault.ts'

/**
 * Makes a folder and those above it, one by one: with `recursive`, Node.js 20 never returns where none can be made (/proc).
 *
 * @param flag the option that names it
 * @returns the folders that were made, the innermost first
 * @throws a Fault (exit 2) when it cannot be made
 */
export function makeFolder(path: string, flag = '--out'): string[] {
  const made: string[] = []
  try {
    for (let at = resolve(path); !existsSync(at); at = dirname(at)) made.push(at)
    for (const folder of made.toReversed()) makeOne(folder)
    readdirSync(path)
    return made
  } catch (error) {
    throw usage(`${flag} ${path}: ${(error as Error).message}`, `another ${flag}: a folder that is new or empty`)
  }
}

function makeOne(folder: string) {
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Removes folders that are still empty, the innermost first. */
export function unmakeFolders(made: string[]) {
  for (const folder of made) {
    try {
      rmdirSync(folder)
    } catch {
      // It is not empty, so it stays, and with it those above it.
      return
    }
  }
}

/** @throws a Fault (exit 2) when a folder is not empty: what is saved there would mix with its files */
export function requireEmpty(folder: string, flag = '--out') {
  const there = readdirSync(folder)
  if (!there.length) return
  const some = there.slice(0, 3).join(', ') + (there.length > 3 ? ' …' : '')
  const resume = there.includes('plan.json')
    ? `npx tsx lab/run.ts --resume ${quote(folder)}, or another ${flag}`
    : `another ${flag}`
  throw usage(`${flag} ${folder}: expected a folder that is new or empty, and ${some} is in it`, resume)
}

/**
 * Writes files into a folder, each whole or not at all. @throws a Fault (exit 4) when the disk does not take them
 *
 * By hand: write-file-atomic (7.0.1) takes a single write(2) for all of a file, and a full disk leaves a cut one.
 */
export function saveFiles(folder: string, files: Record<string, string>) {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    const half = `${path}.new`
    try {
      // Flushed before the rename: a machine that crashes may otherwise leave an empty file of that name.
      writeFileSync(half, content, { flush: true })
      renameSync(half, path)
    } catch (error) {
      remove(half)
      throw new Fault(
        `cannot save ${path}: ${(error as Error).message}`,
        EXIT.failed,
        'free space, or --out DIR elsewhere',
      )
    }
  }
}

/** What cannot be removed is no worse than what cannot be saved. */
function remove(path: string) {
  try {
    rmSync(path, { force: true })
  } catch {}
}
