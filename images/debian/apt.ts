import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { $ } from 'zx'
import { EXIT, Fault, notReady } from '../../lab/model/fault.ts'
import type { Note } from '../../lab/model/note.ts'
import { cached, cacheRoot, fileSha256, isWhole, saveWhole, sha256 } from '../cache/cache.ts'
import { NotFound } from './http.ts'
import { mirrors, mirrorsKey } from './mirrors.ts'
import { Binary, type BinaryPackage, Stanza, type Store, stanzas } from './stanzas.ts'
import { compareVersions } from './version.ts'

const run = $({ quiet: true, detached: false })
const DAY = 24 * 3600 * 1000

const Source = v.pipe(
  v.object({ Package: v.string(), Version: v.string(), suite: v.string() }),
  v.transform(({ Package, Version, suite }) => ({ package: Package, version: Version, suite })),
)

/** A source package, as its suite's index describes it. */
export type SourcePackage = v.InferOutput<typeof Source>

/**
 * The binary packages (main, amd64) of Debian suites whose names match, the newest version first; empty when none
 * does. The suites are read from the mirror that the host's own apt configuration names (or HITLESS_MIRROR), at most once a day,
 * into directories of their own: the host's configuration and package lists stay as they are.
 *
 * @param name an exact name, or a pattern
 * @throws a Fault (exit 3) when an index is not in the cache and cannot be fetched
 */
export async function binaries(suites: string[], name: string | RegExp, note: Note): Promise<BinaryPackage[]> {
  const found = await search('Packages', suites, name, note)
  return found.map((stanza) => v.parse(Binary, stanza))
}

/** The same of source packages. */
export async function sources(suites: string[], name: string | RegExp, note: Note): Promise<SourcePackage[]> {
  const found = await search('Sources', suites, name, note)
  return found.map((stanza) => v.parse(Source, stanza))
}

/** The kernels of the mirror's suites. */
export const liveStore = (suites: string[], note: Note): Store => ({
  images: async (matches) => (await binaries(suites, /^linux-image-\d\S*-amd64$/, note)).filter(matches),
  sibling: async (name, image) =>
    (await binaries([image.suite], name, note)).find(({ version }) => version === image.version) ?? null,
  fetch: (wanted, dir) => download(wanted, dir, note),
})

/**
 * Downloads a package into a directory and returns the path of the .deb. apt checks the chain from the archive's
 * signature to the file; its SHA-256 is compared with the index once more.
 */
export async function download(wanted: BinaryPackage, dir: string, note: Note): Promise<string> {
  await aptGet(wanted, 'Packages', dir, note, ['download'])
  const file = (await readdir(dir)).find((file) => file.startsWith(`${wanted.package}_`) && file.endsWith('.deb'))!
  const path = join(dir, file)
  if ((await fileSha256(path)) !== wanted.sha256)
    throw notReady(`${file}: its SHA-256 is not the one in the index of ${wanted.suite}`)
  return path
}

/** Downloads a source package into a directory, has dpkg-source unpack it, and returns the tree `<dir>/<package>`. */
export async function unpackSource(wanted: SourcePackage, dir: string, note: Note): Promise<string> {
  await aptGet(wanted, 'Sources', dir, note, ['source', '--download-only'])
  const dsc = (await readdir(dir)).find((file) => file.startsWith(`${wanted.package}_`) && file.endsWith('.dsc'))!
  await run({ cwd: dir })`dpkg-source -x ${dsc} ${wanted.package}`
  return join(dir, wanted.package)
}

async function aptGet(wanted: SourcePackage, kind: Kind, dir: string, note: Note, verb: string[]) {
  const index = await indexOf(kind, wanted.suite, note)
  await mkdir(dir, { recursive: true })
  const name = `${wanted.package}=${wanted.version}`
  await mayAsk(`${name} (${wanted.suite})`, wanted.suite)
  const { exitCode, stderr } = await apt(index, dir)`apt-get ${within(index)} ${verb} ${name}`
  if (exitCode === 0) return
  const fault = /404 +Not Found|No such file/.test(stderr) ? NotFound : Fault
  throw new fault(`cannot fetch ${name} (${wanted.suite}): ${reason(stderr)}`, EXIT.notReady)
}

/** The first error that apt printed, without its prefix. */
const reason = (stderr: string) => /^(?:E|Err\S*|W): *(.+)$/m.exec(stderr)?.[1] ?? (stderr.trim() || 'apt failed')

/** Of binary packages or of source packages, as the index's file is called. */
type Kind = 'Packages' | 'Sources'

const Found = v.array(Stanza)

/** The stanzas of the packages that match, newest version first, each with its suite. */
async function search(kind: Kind, suites: string[], name: string | RegExp, note: Note): Promise<Stanza[]> {
  const found: Stanza[] = []
  for (const suite of suites) {
    const index = await indexOf(kind, suite, note)
    const matches = await remembered(join(index, `${sha256(String(name)).slice(0, 12)}.json`), Found, () =>
      searchIndex(index, kind, name),
    )
    found.push(...matches.map((stanza) => ({ ...stanza, suite })))
  }
  return found.sort((a, b) => compareVersions(b.Version!, a.Version!))
}

/** Reads an answer from a file, or works it out and writes it there: an index is 50 MB of text. */
async function remembered<T>(path: string, schema: v.GenericSchema<unknown, T>, find: () => Promise<T>): Promise<T> {
  const known = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), await readFile(path, 'utf8').catch(() => ''))
  if (known.success) return known.output
  const answer = await find()
  await saveWhole(path, JSON.stringify(answer))
  return answer
}

async function searchIndex(dir: string, kind: Kind, name: string | RegExp): Promise<Stanza[]> {
  const lists = join(dir, 'lists')
  const file = (await readdir(lists)).find((file) => file.endsWith(`_${kind}`))
  if (!file) throw notReady(`the mirror's Release file lists no ${kind} of main: see ${lists}`)
  return stanzas(await readFile(join(lists, file), 'utf8'), name)
}

const indexes = new Map<string, Promise<string>>()

/** The directory with the index of a suite, not older than a day when the mirror answers; offline, whatever there is. */
function indexOf(kind: Kind, suite: string, note: Note): Promise<string> {
  const key = `${suite}.${kind}${mirrorsKey()}`
  if (!indexes.has(key)) indexes.set(key, freshIndex(kind, suite, key, note))
  return indexes.get(key)!
}

async function freshIndex(kind: Kind, suite: string, key: string, note: Note): Promise<string> {
  const [newest, ...older] = await fetched(key)
  if (newest && (newest.age < DAY || mirrors().offline)) return newest.dir
  try {
    note(`reading Debian's package index of ${suite}`)
    const dir = await cached('apt', key, [new Date().toISOString()], (dir) => fetchIndex(kind, suite, dir))
    // The one before this may still be in use by another run; those before it are not.
    for (const { dir } of older) await rm(dirname(dir), { recursive: true, force: true })
    return dir
  } catch (error) {
    if (!(newest && error instanceof Fault)) throw error
    const days = Math.round(newest.age / DAY)
    note(`${error.message}; using the index of ${days} day${days === 1 ? '' : 's'} ago`)
    return newest.dir
  }
}

/** What the cache has of an index, the newest first; ages in milliseconds. */
async function fetched(key: string): Promise<{ dir: string; age: number }[]> {
  const root = join(cacheRoot(), 'apt')
  if (!existsSync(root)) return []
  const entries = (await readdir(root)).filter((entry) => entry.startsWith(`${key}-`))
  const found = entries.map(async (entry) => {
    const dir = join(root, entry, 'files')
    // What apt keeps beside the lists it may write anew.
    if (!(await isWhole(dir, 'lists/'))) return []
    return [{ dir, age: Date.now() - (await stat(join(dir, 'apt.conf'))).mtimeMs }]
  })
  const aged = (await Promise.all(found)).flat()
  return aged.sort((a, b) => a.age - b.age)
}

/** Debian's own keyring, where the host has it; else the keys that the host's apt trusts. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

function signedBy(): { 'Signed-By'?: string } {
  const { keyring } = mirrors()
  const keyrings = [KEYRING, keyring].filter((path): path is string => path !== null && existsSync(path))
  return keyrings.length ? { 'Signed-By': keyrings.join(' ') } : {}
}

/** Offline, apt may read files of this host only. */
async function mayAsk(what: string, suite: string) {
  if (mirrors().offline && !(await mirror(suite)).startsWith('file:'))
    throw notReady(`${what} is not in the cache, and --offline (HITLESS_OFFLINE=1) rules the network out`)
}

async function fetchIndex(kind: Kind, suite: string, dir: string) {
  const uri = await mirror(suite)
  await mayAsk(`Debian's package index of ${suite}`, suite)
  for (const sub of ['lists/partial', 'archives/partial']) await mkdir(join(dir, sub), { recursive: true })
  const source = {
    Types: kind === 'Packages' ? 'deb' : 'deb-src',
    // With file:, apt would go on reading the mirror's own files, which may change once they are verified.
    URIs: uri.replace(/^file:/, 'copy:'),
    Suites: suite,
    Components: 'main',
    Architectures: 'amd64',
    Targets: kind,
    ...signedBy(),
  }
  await writeFile(join(dir, 'debian.sources'), lines(Object.entries(source).map(([key, value]) => `${key}: ${value}`)))
  await writeFile(join(dir, 'apt.conf'), lines([...(await transport()), ...PRIVATE]))
  const { exitCode, stderr } = await apt(dir, dir)`apt-get ${within(dir)} -o Acquire::Retries=1 --error-on=any update`
  if (exitCode !== 0) throw notReady(`cannot read Debian's package index of ${suite} at ${uri}: ${reason(stderr)}`)
}

const lines = (all: string[]) => `${all.join('\n')}\n`

/** The host's way out: proxies, time-outs, checks of dates. Not its sources, and not its hooks. */
async function transport(): Promise<string[]> {
  const dump = await run`apt-config dump`
  return dump.stdout.split('\n').filter((line) => /^Acquire::(https?|Check|Force|Retries)/.test(line))
}

/** Of the host, apt reads its keys and its passwords for mirrors only. */
const PRIVATE = [
  'Dir::Etc::main "/dev/null";',
  'Dir::Etc::parts "/dev/null";',
  'Dir::Etc::sourceparts "/dev/null";',
  'Dir::State::status "/dev/null";',
  'Dir::Log "/dev/null";',
  'APT::Architecture "amd64";',
  'APT::Architectures { "amd64"; };',
  'APT::Sandbox::User "";',
  'Acquire::Languages "none";',
]

/** What depends on where the index is; it was made elsewhere and moved. */
const within = (index: string) =>
  Object.entries({ 'State::lists': 'lists', Cache: '', 'Etc::sourcelist': 'debian.sources' }).flatMap(([key, sub]) => [
    '-o',
    `Dir::${key}=${join(index, sub)}`,
  ])

const apt = (index: string, cwd: string) =>
  run({ cwd, nothrow: true, env: { ...process.env, LC_ALL: 'C', APT_CONFIG: join(index, 'apt.conf') } })

/** Suites that only Debian has: other distributions have a "stable" or a "testing" too. */
const DEBIAN = /^(bullseye|bookworm|trixie|forky|duke|sid)$/

/**
 * The mirror's URI for a suite: HITLESS_MIRROR, else from those that the host's apt reads itself. Security suites are served beside the
 * others: where the host names no such mirror, by Debian's own naming.
 */
export async function mirror(suite: string): Promise<string> {
  const beside = (uri: string) => (suite.endsWith('-security') ? uri.replace(/debian$/, 'debian-security') : uri)
  const given = mirrors().mirror
  if (given) return beside(given)
  const printed = await run({ nothrow: true })`apt-get update --print-uris`
  if (printed.exitCode === 127) throw notReady("Debian's packages are fetched with apt-get, which is not on the PATH")
  const known = [...printed.stdout.matchAll(/^'(\S+?)\/dists\/(\S+)\/InRelease'/gm)]
  const main = known.find(([, , suite]) => DEBIAN.test(suite!))?.[1]
  const security = known.find(([, , suite]) => suite!.endsWith('-security'))?.[1]
  if (!main) throw notReady("this host's apt configuration names no Debian mirror", 'see /etc/apt/sources.list.d')
  return (suite.endsWith('-security') && security) || beside(main)
}
