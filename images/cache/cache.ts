import { mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type * as v from 'valibot'
import { flushName, flushTree } from './flush.ts'
import { cacheFault, cacheFolder } from './folders.ts'
import { sha256 } from './hash.ts'
import { readJsonFile } from './json.ts'
import { scratch } from './scratch.ts'
import { isWhole, saveSeal } from './seal.ts'

export { cacheFolder, cacheRoot } from './folders.ts'
export { contentSha256, fileSha256, sha256 } from './hash.ts'
export { outside, scratch } from './scratch.ts'
export { isWhole } from './seal.ts'

/** Paths with size and time of each file, for a cache's key: a kernel developer's files change under the same path. */
export const fileStates = (paths: string[]): Promise<string[]> =>
  Promise.all(
    paths.map(async (path) => {
      const { mtimeMs, size } = await stat(path)
      return `${path} ${mtimeMs} ${size}`
    }),
  )

/**
 * The directory `<cache>/<kind>/<name>-<key>/files`, built first where it is missing, torn or changed: see
 * {@link isWhole}. `build` fills a private directory, which is renamed into place when complete,
 * so neither an interrupted build nor two at once leave half an entry: the slower of two finds the entry there and drops
 * its own. Libraries write single files so, but no whole directory.
 *
 * @param key everything that the entry is made from: versions, hashes, recipes
 * @throws a Fault (exit 3) when the cache cannot be used, and what `build` throws
 */
export async function cached(
  kind: string,
  name: string,
  key: string[],
  build: (dir: string) => Promise<void>,
): Promise<string> {
  const entry = join(cacheFolder(kind), `${name}-${sha256(LAYOUT, ...key).slice(0, 12)}`)
  const files = join(entry, 'files')
  if (isWhole(files)) return files
  return scratch(kind, async (dir) => {
    const made = join(dir, 'made')
    await mkdir(join(made, 'files'), { recursive: true })
    await build(join(made, 'files'))
    await saveSeal(join(made, 'files'))
    await flushTree(made)
    // A whole entry is that of a faster process, and the same; a torn one is moved away and removed with `dir`.
    for (let tries = 0; !(await movedInto(made, entry)) && !isWhole(files); tries++)
      await rename(entry, join(dir, `torn-${tries}`)).catch(() => {})
    await flushName(entry)
    return files
  })
}

/** Renames a directory; false where something else has that name. */
async function movedInto(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code!)) return false
    throw error
  }
}

/** The version of an entry's layout, so that labs of different age can share a cache. */
const LAYOUT = '3'

/**
 * Writes a file into a folder of the cache, whole or not at all.
 *
 * @throws a Fault (exit 3) when the disk does not take it
 */
export async function saveWhole(path: string, content: string): Promise<void> {
  // Only now: most runs find all that they need in the cache.
  const { default: writeFileAtomic } = await import('write-file-atomic')
  await writeFileAtomic(path, content).catch((error) => {
    throw cacheFault(error)
  })
  await flushName(path)
}

/** Reads an answer from a file, or finds it and writes it there. */
export async function remembered<T extends object>(
  path: string,
  schema: v.GenericSchema<unknown, T>,
  find: () => Promise<T>,
): Promise<T> {
  const known = readJsonFile(path, schema)
  if (known) return known
  const answer = await find()
  await saveWhole(path, JSON.stringify(answer))
  return answer
}
