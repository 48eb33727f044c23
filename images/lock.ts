import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import type { Note } from './apt.ts'
import { compareVersions } from './debian-version.ts'
import { notReady } from './fault.ts'
import { readJson } from './mistakes.ts'
import { Distrusted } from './signature.ts'

const Entry = v.strictObject({
  /** Debian's version. */
  version: v.string(),
  /** SHA-256 of each package. */
  packages: v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'a SHA-256'))),
})
const Lock = v.record(v.string(), Entry)

/** What was fetched under a name: a version, and the packages that it came in. */
export type LockEntry = v.InferOutput<typeof Entry>
type Lock = v.InferOutput<typeof Lock>

/** Where the lock file is: HITLESS_LOCK, else beside the catalogue, where it is part of the lab. */
const lockPath = () => process.env.HITLESS_LOCK || fileURLToPath(new URL('kernels.lock.json', import.meta.url))

/**
 * Makes sure that what is about to be fetched is what was fetched before. What moves on (the live mirror) may bring a
 * newer version under the same name, and this one counts from then on; nothing else may change.
 *
 * @param key a series of the archives, which do not change; or a kernel's exact name
 * @throws a Fault (exit 3) that says what differs and what to do
 */
export async function checkLock(key: string, entry: LockEntry, movesOn: boolean): Promise<void> {
  const locked = (await readLock())[key]
  if (!locked || (movesOn && compareVersions(entry.version, locked.version) > 0)) return
  const differs = difference(locked, entry)
  if (!differs) return
  throw new Distrusted(
    `its packages are not those that were fetched first: ${differs}`,
    `if Debian is known to have changed it, remove "${key}" from ${lockPath()}; else distrust where it came from`,
  )
}

/** Records what was fetched, where nothing was recorded or what was is out of date. */
export async function recordLock(key: string, entry: LockEntry, note: Note): Promise<void> {
  const lock = await readLock()
  if (lock[key] && !difference(lock[key], entry)) return
  const all: Lock = { ...lock, [key]: { ...entry, packages: sorted(entry.packages) } }
  const path = lockPath()
  const draft = `${path}.${process.pid}`
  try {
    await writeFile(draft, `${JSON.stringify(sorted(all), null, 2)}\n`)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    note(`${key} ${entry.version} is not recorded in the lock file: ${(error as Error).message}`)
  }
}

/** The version that the lock file has of a series or a kernel, or null. */
export const lockedVersion = async (key: string): Promise<string | null> => (await readLock())[key]?.version ?? null

async function readLock(): Promise<Lock> {
  const path = lockPath()
  if (!existsSync(path)) return {}
  const { output, mistakes } = readJson(Lock, await readFile(path, 'utf8'))
  if (!mistakes) return output
  const lines = mistakes.map((mistake) => `${path} is no lock file: ${mistake}`)
  throw notReady(lines.join('\n'), `git checkout ${path}, or remove it`)
}

/** What differs between two entries, in words; null when they are the same. */
function difference(before: LockEntry, now: LockEntry): string | null {
  if (before.version !== now.version) return `it was version ${before.version}, and now is ${now.version}`
  const names = [...new Set([...Object.keys(before.packages), ...Object.keys(now.packages)])]
  const changed = names.find((name) => before.packages[name] !== now.packages[name])
  const of = (entry: LockEntry) => entry.packages[changed!] ?? 'missing'
  return changed ? `${changed} had the SHA-256 ${of(before)}, and now ${of(now)}` : null
}

/** By the numbers in the keys: 3.2 comes before 3.16. */
const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })))
