import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where everything fetched or built is kept: `$XDG_CACHE_HOME/hitless`, else `~/.cache/hitless`. */
export const cacheRoot = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hitless')

/** SHA-256 of strings and buffers, in hex; a NUL separates the parts. */
export function sha256(...parts: (string | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

/** SHA-256 of a file's content, in hex. */
export const fileSha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

/**
 * The directory `<cache>/<kind>/<name>-<key>`, built first when it is missing. `build` fills a private
 * directory that is renamed into place when complete, so neither an interrupted build nor two at once
 * can leave half of one: the slower of two finds the entry there and drops its own.
 *
 * @param key everything the entry is made from: versions, hashes, recipes
 */
export async function cached(
  kind: string,
  name: string,
  key: string[],
  build: (dir: string) => Promise<void>,
): Promise<string> {
  const entry = join(cacheRoot(), kind, `${name}-${sha256(...key).slice(0, 12)}`)
  if (existsSync(entry)) return entry
  return scratch(kind, async (dir) => {
    await build(dir)
    await rename(dir, entry).catch((error) => {
      if (!existsSync(entry)) throw error
    })
    return entry
  })
}

/** Runs `use` with a private directory inside the cache, removed afterwards whatever happens. */
export async function scratch<T>(kind: string, use: (dir: string) => Promise<T>): Promise<T> {
  const parent = join(cacheRoot(), kind)
  await mkdir(parent, { recursive: true })
  await sweep(parent)
  const dir = join(parent, `.tmp-${process.pid}-${randomBytes(4).toString('hex')}`)
  await mkdir(dir)
  try {
    return await use(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Removes the private directories of processes that are gone: they were killed before they could. */
async function sweep(parent: string) {
  for (const name of await readdir(parent)) {
    const pid = Number(/^\.tmp-(\d+)-/.exec(name)?.[1])
    if (pid && !existsSync(`/proc/${pid}`)) await rm(join(parent, name), { recursive: true, force: true })
  }
}
