import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Fault, notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { cached, cacheRoot, isWhole } from '../cache/cache.ts'
import { shell } from '../cache/shell.ts'
import { copyFiles, sandboxUser, transferFolder } from './apt-user.ts'
import { transfers } from './host-apt.ts'
import { mirrorUri, requireAllowed, supplyKey } from './mirrors.ts'
import { fields } from './stanzas.ts'
import { checkLive } from './trust/live.ts'

// A suite's package index, in a folder with an apt configuration of its own. apt itself verifies and reads it, so that
// the host's sources and package lists stay as they are; no library does either.

const DAY = 24 * 3600 * 1000

/** What an index lists, as the index's file is called: binary packages or source packages. */
export type Kind = 'Packages' | 'Sources'

/** The indexes that were asked for with each supply: one run sees one state of a suite. */
const opened = new WeakMap<Supply, Map<string, Promise<string>>>()

/**
 * The folder with the index of a suite (main, amd64), at most a day old where the mirror answers; offline, the newest
 * that the cache has.
 *
 * @throws a Fault (exit 3) where the index is not in the cache and cannot be fetched
 */
export function openIndex(kind: Kind, suite: string, supply: Supply): Promise<string> {
  const known = opened.get(supply) ?? new Map<string, Promise<string>>()
  opened.set(supply, known)
  const key = `${suite}.${kind}${supplyKey(supply)}`
  const index = known.get(key) ?? freshIndex(kind, suite, key, supply)
  known.set(key, index)
  return index
}

async function freshIndex(kind: Kind, suite: string, key: string, supply: Supply): Promise<string> {
  const { note, offline } = supply
  const [newest, ...older] = await cachedIndexes(key)
  if (newest && (newest.age < DAY || offline)) return newest.dir
  try {
    note(`reading Debian's package index of ${suite}`)
    const dir = await cached('apt', key, [new Date().toISOString()], (dir) => fetchIndex(kind, suite, dir, supply))
    // Another run may still use the one before this, but none before that.
    for (const { dir } of older) await rm(dirname(dir), { recursive: true, force: true })
    return dir
  } catch (error) {
    if (!(newest && error instanceof Fault)) throw error
    const days = Math.round(newest.age / DAY)
    note(`${error.message}; using the index of ${days} day${days === 1 ? '' : 's'} ago`)
    return newest.dir
  }
}

/** The copies of an index in the cache, the newest first; ages in milliseconds. */
async function cachedIndexes(key: string): Promise<{ dir: string; age: number }[]> {
  const root = join(cacheRoot(), 'apt')
  if (!existsSync(root)) return []
  const entries = (await readdir(root)).filter((entry) => entry.startsWith(`${key}-`))
  const found = entries.map(async (entry) => {
    const dir = join(root, entry, 'files')
    // apt may rewrite the files beside the lists.
    if (!isWhole(dir, 'lists/')) return []
    return [{ dir, age: Date.now() - (await stat(join(dir, 'apt.conf'))).mtimeMs }]
  })
  const aged = (await Promise.all(found)).flat()
  return aged.sort((a, b) => a.age - b.age)
}

async function fetchIndex(kind: Kind, suite: string, dir: string, supply: Supply) {
  const uri = await mirrorUri(suite, supply)
  requireAllowed(uri, supply, `Debian's package index of ${suite}`)
  const { options, weakened } = await transfers(supply)
  const { tls, date } = weakened
  await transferFolder(async (folder) => {
    for (const sub of ['lists/partial', 'archives/partial']) await mkdir(join(folder, sub), { recursive: true })
    // apt's user may not be able to read the user's own.
    const keyring = supply.keyring && join(folder, 'keyring.gpg')
    if (keyring) await copyFile(supply.keyring!, keyring)
    await writeFile(join(folder, SOURCES), asLines(sourceOf(kind, suite, uri, keyring)))
    await writeFile(join(folder, 'apt.conf'), asLines([...options, ...PRIVATE, await sandbox()]))
    const update = ['-o', 'Acquire::Retries=1', '--error-on=any', 'update']
    const { exitCode, stderr } = await aptGet(folder, folder, update, supply)
    if (exitCode !== 0) {
      const without =
        tls && uri.startsWith('https:') ? `${tls} is not taken; a CA of your own: Acquire::https::CAInfo` : undefined
      throw notReady(`cannot read Debian's package index of ${suite} at ${uri}: ${reason(stderr)}`, without)
    }
    const lists = join(folder, 'lists')
    const release = (await readdir(lists)).find((file) => /_(In)?Release$/.test(file))!
    checkLive(suite, fields(await readFile(join(lists, release), 'utf8')), date, supply.note)
    await writeFile(join(dir, SOURCES), asLines(sourceOf(kind, suite, uri, supply.keyring)))
    await copyFile(join(folder, 'apt.conf'), join(dir, 'apt.conf'))
    await copyFiles(lists, join(dir, 'lists'))
  }, supply)
}

const SOURCES = 'debian.sources'

function sourceOf(kind: Kind, suite: string, uri: string, keyring?: string): string[] {
  const source = {
    Types: kind === 'Packages' ? 'deb' : 'deb-src',
    // With file:, apt would go on reading the mirror's own files, which may change after they were verified.
    URIs: uri.replace(/^file:/, 'copy:'),
    Suites: suite,
    Components: 'main',
    Architectures: 'amd64',
    Targets: kind,
    ...signedBy(keyring),
  }
  return Object.entries(source).map(([key, value]) => `${key}: ${value}`)
}

const asLines = (all: string[]) => `${all.join('\n')}\n`

/** Debian's own keyring. Where the host has neither this nor another, the keys that its apt trusts count. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

function signedBy(keyring?: string): { 'Signed-By'?: string } {
  const keyrings = [KEYRING, keyring].filter((path) => path !== undefined && existsSync(path))
  return keyrings.length ? { 'Signed-By': keyrings.join(' ') } : {}
}

/** Leaves apt nothing of the host but its keys and its passwords for mirrors. */
const PRIVATE = [
  'Dir::Etc::main "/dev/null";',
  'Dir::Etc::parts "/dev/null";',
  'Dir::Etc::sourceparts "/dev/null";',
  'Dir::State::status "/dev/null";',
  'Dir::Log "/dev/null";',
  'APT::Architecture "amd64";',
  'APT::Architectures { "amd64"; };',
  'Acquire::Languages "none";',
]

/** The user as whom apt fetches where it runs as root. */
const sandbox = async () => `APT::Sandbox::User "${(await sandboxUser()).name}";`

/** Runs apt-get with an index alone, in a directory. */
export function aptGet(index: string, cwd: string, words: string[], { signal }: Supply) {
  const env = { ...process.env, LC_ALL: 'C', APT_CONFIG: join(index, 'apt.conf') }
  return shell(signal, { cwd, nothrow: true, env })`apt-get ${within(index)} ${words}`
}

/** Options with the paths in an index: it was made elsewhere and moved, so its apt.conf cannot hold them. */
const within = (index: string) =>
  Object.entries({ 'State::lists': 'lists', Cache: '', 'Etc::sourcelist': SOURCES }).flatMap(([key, sub]) => [
    '-o',
    `Dir::${key}=${join(index, sub)}`,
  ])

/** The first error that apt printed, without its prefix. */
export const reason = (stderr: string) =>
  /^(?:E|Err\S*|W): *(.+)$/m.exec(stderr)?.[1] ?? (stderr.trim() || 'apt failed')
