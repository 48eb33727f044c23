import { join } from 'node:path'
import * as v from 'valibot'
import { notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { either } from '../../lab/model/text/spelling.ts'
import { cacheFolder, remembered, sha256 } from '../cache/cache.ts'
import { sourcePackages, unpackDsc, unpackSource } from './apt.ts'
import { archiveIndexes, type Expected, fetchFile, filesListed, SOURCES, treeUri } from './archive.ts'
import type { Patience } from './http.ts'
import { supplyKey } from './mirrors.ts'
import type { Place } from './places.ts'
import { Stanza, stanzas } from './stanzas.ts'
import { compareVersions } from './version.ts'

/** A source package of Debian. */
export interface Source {
  package: string
  version: string
  suite: string
  /** Fetches it into a directory, checks it against the signed index, unpacks it there, and returns the path of its tree. */
  unpack(dir: string): Promise<string>
}

/**
 * The versions of a source package in a place, the newest first. What the archive has does not change, so it is looked up
 * once; a live mirror is read at most once a day.
 *
 * @param patience with the archive
 * @throws a Fault (exit 3) where it has none, and where an index is not in the cache and cannot be fetched
 */
export async function sourcesIn(place: Place, name: string, supply: Supply, patience?: Patience): Promise<Source[]> {
  const found =
    place.at === 'live'
      ? await liveSources(name, place.suites, supply)
      : await archivedSources(name, place.suites, supply, patience)
  if (!found.length) throw notReady(`there is no source package ${name} in ${either(place.suites)}`)
  return found
}

async function liveSources(name: string, suites: string[], supply: Supply): Promise<Source[]> {
  const found = await sourcePackages(suites, name, supply)
  return found.map((source) => ({ ...source, unpack: (dir) => unpackSource(source, dir, supply) }))
}

/** What is read of a stanza of the archive's Sources, with the suite added. */
const Archived = v.pipe(
  v.object({ ...v.entriesFromList(['Package', 'Version', 'Directory', 'Checksums-Sha256', 'suite'], v.string()) }),
  v.transform(({ Package, Version, Directory, suite, ...more }) => ({
    package: Package,
    version: Version,
    suite,
    /** Of its files, below the tree of the suite. */
    directory: Directory,
    files: filesListed(more['Checksums-Sha256']),
  })),
)
type Archived = v.InferOutput<typeof Archived>

async function archivedSources(name: string, suites: string[], supply: Supply, patience?: Patience): Promise<Source[]> {
  const file = `${name}-${sha256(...suites).slice(0, 12)}${supplyKey(supply)}.json`
  const known = await remembered(join(cacheFolder('sources'), file), v.array(Stanza), async () => {
    const indexes = await archiveIndexes(suites, SOURCES, supply, patience)
    return Array.from(indexes, ([suite, index]) => stanzas(index, name).map((stanza) => ({ ...stanza, suite }))).flat()
  })
  return known
    .map((stanza) => v.parse(Archived, stanza))
    .sort((a, b) => compareVersions(b.version, a.version))
    .map((source) => ({ ...source, unpack: (dir) => unpackArchived(source, dir, supply, patience) }))
}

async function unpackArchived(source: Archived, dir: string, supply: Supply, patience?: Patience): Promise<string> {
  const tree = `${treeUri(source.suite, supply)}/${source.directory}`
  const fetch = ([filename, expected]: [string, Expected]) =>
    fetchFile(`${tree}/${filename}`, { filename, ...expected }, dir, supply, patience)
  for (const file of source.files) await fetch(file)
  return unpackDsc(source.package, dir, supply)
}
