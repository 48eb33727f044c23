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
import { whileLocked } from '../cache/lock.ts'
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
  const pin = await pinned(key)
  if (pin) requireSame(pin, entry, movesOn, 'are pinned', `remove "${key}" from ${lockPath()}`)
  checkRecord(key, entry, movesOn)
}

function checkRecord(key: string, entry: LockEntry, movesOn: boolean) {
  const known = remembered(key)
  if (known) requireSame(known, entry, movesOn, 'were fetched first', `rm ${quote(memoryPath(key))}`)
}

function requireSame(known: LockEntry, entry: LockEntry, movesOn: boolean, what: string, undo: string) {
  if (movesOn && compareVersions(entry.version, known.version) > 0) return
  const differs = difference(known, entry)
  if (differs)
    throw new Distrusted(
      `its packages are not those that ${what}: ${differs}`,
      `if Debian is known to have changed them, ${undo}; else distrust where they came from`,
    )
}

/**
 * Records what was fetched, where the record is missing or out of date. It is compared with the record once more: another
 * run may have fetched something meanwhile.
 *
 * @throws what {@link checkLock} does for the record
 */
export const recordLock = (key: string, entry: LockEntry, movesOn: boolean): Promise<void> =>
  alone(async () => {
    checkRecord(key, entry, movesOn)
    const known = remembered(key)
    if (!known || difference(known, entry)) await save(key, entry)
  })

/**
 * Makes sure that the newest kernel of a series is none that is older than one from the same place before: that is signed
 * as well, and whoever shows an old state of a mirror again brings back what was mended since.
 *
 * @param key the series, and where it comes from
 * @throws a Fault (exit 3) that says how to accept it
 */
export function checkNewest(key: string, { version }: LockEntry): void {
  const known = remembered(newest(key))
  if (known && compareVersions(version, known.version) < 0)
    throw notReady(
      `the mirror's newest version is ${version}, and was ${known.version} before: it shows an old state`,
      `rm ${quote(memoryPath(newest(key)))}, which accepts that; or --kernel ${version}, which asks for that one alone`,
    )
}

/** Records the newest kernel of a series, unless another run has recorded a newer one meanwhile. */
export const recordNewest = (key: string, entry: LockEntry): Promise<void> =>
  alone(async () => {
    const known = remembered(newest(key))
    if (!known || compareVersions(entry.version, known.version) > 0) await save(newest(key), entry)
  })

const newest = (key: string) => `newest-${key}`

/** Reads and writes records as one step, which no other run comes between. */
const alone = (step: () => Promise<void>) => whileLocked(join(cacheFolder(), 'fetched.lock'), step)

async function save(key: string, entry: LockEntry) {
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
