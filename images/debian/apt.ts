import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { EXIT, Fault, notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { fileSha256, remembered, sha256 } from '../cache/cache.ts'
import { shell } from '../cache/shell.ts'
import { aptGet, type Kind, openIndex, reason } from './apt-index.ts'
import { copyFiles, transferFolder } from './apt-user.ts'
import { NotFound } from './http.ts'
import { mirrorUri, requireAllowed } from './mirrors.ts'
import { Binary, type BinaryPackage, Stanza, type Store, stanzas } from './stanzas.ts'
import { compareVersions } from './version.ts'

const Source = v.pipe(
  v.object({ Package: v.string(), Version: v.string(), suite: v.string() }),
  v.transform(({ Package, Version, suite }) => ({ package: Package, version: Version, suite })),
)

/** A source package, as its suite's index describes it. */
export type SourcePackage = v.InferOutput<typeof Source>

/**
 * The binary packages (main, amd64) of Debian suites whose names match, the newest version first; empty when none
 * matches. The live mirror is read at most once a day.
 *
 * @param name an exact name, or a pattern
 * @throws a Fault (exit 3) when an index is not in the cache and cannot be fetched
 */
export async function binaries(suites: string[], name: string | RegExp, supply: Supply): Promise<BinaryPackage[]> {
  const found = await search('Packages', suites, name, supply)
  return found.map((stanza) => v.parse(Binary, stanza))
}

/** Source packages, found as {@link binaries} are. */
export async function sourcePackages(
  suites: string[],
  name: string | RegExp,
  supply: Supply,
): Promise<SourcePackage[]> {
  const found = await search('Sources', suites, name, supply)
  return found.map((stanza) => v.parse(Source, stanza))
}

/** The kernels of the live mirror's suites. */
export const liveStore = (suites: string[], supply: Supply): Store => ({
  images: async (matches) => (await binaries(suites, /^linux-image-\d\S*-amd64$/, supply)).filter(matches),
  sibling: async (name, image) =>
    (await binaries([image.suite], name, supply)).find(({ version }) => version === image.version) ?? null,
  fetch: (wanted, dir) => downloadDeb(wanted, dir, supply),
})

/**
 * Downloads a package into a directory and returns the path of the .deb. apt checks the chain from the archive's
 * signature to the file; then its SHA-256 is compared with the index once more.
 */
async function downloadDeb(wanted: BinaryPackage, dir: string, supply: Supply): Promise<string> {
  await fetchWith(wanted, 'Packages', dir, ['download'], supply)
  const file = (await readdir(dir)).find((file) => file.startsWith(`${wanted.package}_`) && file.endsWith('.deb'))!
  const path = join(dir, file)
  if ((await fileSha256(path)) !== wanted.sha256)
    throw notReady(`${file}: its SHA-256 is not the one in the index of ${wanted.suite}`)
  return path
}

/** Downloads a source package into a directory, unpacks it with dpkg-source, and returns the tree `<dir>/<package>`. */
export async function unpackSource(wanted: SourcePackage, dir: string, supply: Supply): Promise<string> {
  await fetchWith(wanted, 'Sources', dir, ['source', '--download-only'], supply)
  return unpackDsc(wanted.package, dir, supply)
}

/** Unpacks the source package whose verified files are in a directory. Returns the tree `<dir>/<name>`. */
export async function unpackDsc(name: string, dir: string, { signal }: Supply): Promise<string> {
  const dsc = (await readdir(dir)).find((file) => file.startsWith(`${name}_`) && file.endsWith('.dsc'))!
  await shell(signal, { cwd: dir })`dpkg-source -x ${dsc} ${name}`
  return join(dir, name)
}

/** @param verb what apt-get is to do with the package */
async function fetchWith(wanted: SourcePackage, kind: Kind, dir: string, verb: string[], supply: Supply) {
  const index = await openIndex(kind, wanted.suite, supply)
  await mkdir(dir, { recursive: true })
  const name = `${wanted.package}=${wanted.version}`
  if (supply.offline) requireAllowed(await mirrorUri(wanted.suite, supply), supply, `${name} (${wanted.suite})`)
  await transferFolder(async (folder) => {
    const { exitCode, stderr } = await aptGet(index, folder, [...verb, name], supply)
    if (exitCode === 0) return copyFiles(folder, dir)
    const fault = /404 +Not Found|No such file/.test(stderr) ? NotFound : Fault
    throw new fault(`cannot fetch ${name} (${wanted.suite}): ${reason(stderr)}`, EXIT.notReady)
  }, supply)
}

const Stanzas = v.array(Stanza)

/** The stanzas of the packages that match, newest version first, each with its suite. */
async function search(kind: Kind, suites: string[], name: string | RegExp, supply: Supply): Promise<Stanza[]> {
  const found: Stanza[] = []
  for (const suite of suites) {
    const index = await openIndex(kind, suite, supply)
    const answer = join(index, `${sha256(String(name)).slice(0, 12)}.json`)
    // An index is 50 MB of text.
    const matches = await remembered(answer, Stanzas, () => searchIndex(index, kind, name))
    found.push(...matches.map((stanza) => ({ ...stanza, suite })))
  }
  return found.sort((a, b) => compareVersions(b.Version!, a.Version!))
}

async function searchIndex(dir: string, kind: Kind, name: string | RegExp): Promise<Stanza[]> {
  const lists = join(dir, 'lists')
  const file = (await readdir(lists)).find((file) => file.endsWith(`_${kind}`))
  if (!file) throw notReady(`the mirror's Release file lists no ${kind} of main: see ${lists}`)
  return stanzas(await readFile(join(lists, file), 'utf8'), name)
}
