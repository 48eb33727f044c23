import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { quote } from 'zx/core'
import { notReady } from '../../lab/model/fault.ts'
import { readJson } from '../../lab/model/text/mistakes.ts'
import { cacheFolder, cacheRoot, saveWhole } from '../cache/cache.ts'
import { readJsonFile } from '../cache/json.ts'
import { Distrusted } from '../debian/signature.ts'
import { compareVersions } from '../debian/version.ts'

const Entry = v.strictObject({
  /** Debian's version. */
  version: v.string(),
  /** SHA-256 of each package. */
  packages: v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'a SHA-256'))),
})
/** The lock file pins for good what does not move on: a series of the archives or of snapshot, nothing of the live mirror. */
const Lock = v.record(v.string(), Entry)

/** What was fetched under a name: a version and its packages. */
export type LockEntry = v.InferOutput<typeof Entry>

/** The lock file: HITLESS_LOCK, else the one beside the catalogue. The lab never writes it. */
const lockPath = () => process.env.HITLESS_LOCK || fileURLToPath(new URL('lock.json', import.meta.url))

/** The record of what this machine fetched under a name, a file each, so that two runs at once lose nothing. */
const memoryPath = (key: string) => join(cacheRoot(), 'fetched', `${key}.json`)

/**
 * Makes sure that what is about to be fetched is what the lock file pins, and what this machine fetched before. What
 * moves on (the live mirror) may have a newer version under the same name, which counts from then on; nothing else may
 * change.
 *
 * @param key a series of the archives, which do not change; or a kernel's exact name
 * @throws a Fault (exit 3) that says what differs and what to do
 */
export async function checkLock(key: string, entry: LockEntry, movesOn: boolean): Promise<void> {
  const check = (known: LockEntry | null, what: string, undo: string) => {
    if (!known || (movesOn && compareVersions(entry.version, known.version) > 0)) return
    const differs = difference(known, entry)
    if (!differs) return
    throw new Distrusted(
      `its packages are not those that ${what}: ${differs}`,
      `if Debian is known to have changed them, ${undo}; else distrust where they came from`,
    )
  }
  check(await pinned(key), 'are pinned', `remove "${key}" from ${lockPath()}`)
  check(remembered(key), 'were fetched first', `rm ${quote(memoryPath(key))}`)
}

/** Records what was fetched, where the record is missing or out of date. */
export async function recordLock(key: string, entry: LockEntry): Promise<void> {
  const known = remembered(key)
  if (known && !difference(known, entry)) return
  cacheFolder('fetched')
  await saveWhole(memoryPath(key), `${JSON.stringify({ ...entry, packages: sorted(entry.packages) }, null, 2)}\n`)
}

/** The version of a series or a kernel that is pinned, else the one fetched here, else null. */
export const lockedVersion = async (key: string): Promise<string | null> =>
  ((await pinned(key)) ?? remembered(key))?.version ?? null

async function pinned(key: string): Promise<LockEntry | null> {
  const path = lockPath()
  if (!existsSync(path)) return null
  const { output, mistakes } = readJson(Lock, await readFile(path, 'utf8'))
  if (!mistakes) return output[key] ?? null
  const lines = mistakes.map((mistake) => `${path} is no lock file: ${mistake}`)
  throw notReady(lines.join('\n'), `git checkout ${quote(path)}, or remove it`)
}

/** What this machine fetched first; null where it fetched nothing, and where the record is torn. */
const remembered = (key: string): LockEntry | null => readJsonFile(memoryPath(key), Entry)

/** The difference between two entries in words; null where they are the same. */
function difference(before: LockEntry, now: LockEntry): string | null {
  if (before.version !== now.version) return `it was version ${before.version}, and now is ${now.version}`
  const names = [...new Set([...Object.keys(before.packages), ...Object.keys(now.packages)])]
  const changed = names.find((name) => before.packages[name] !== now.packages[name])
  const hashIn = (entry: LockEntry) => entry.packages[changed!] ?? 'missing'
  return changed ? `${changed} had the SHA-256 ${hashIn(before)}, and now ${hashIn(now)}` : null
}

const sorted = (packages: LockEntry['packages']) =>
  Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
