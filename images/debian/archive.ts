import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as v from 'valibot'
import { notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { fileSha256, scratch } from '../cache/cache.ts'
import { Damaged, decompress } from '../cache/decompress.ts'
import { download, NotFound, type Patience } from './http.ts'
import { archiveUri } from './mirrors.ts'
import { Distrusted, verifySignature } from './signature.ts'
import { Binary, type BinaryPackage, fields, type Store, stanzas } from './stanzas.ts'
import { checkRelease } from './trust/release.ts'
import { type Identity, identityOf } from './trust/suites.ts'

/** Every kernel image. */
const IMAGES = /^linux-image-/

/** Where the indexes of binary packages and of sources (main) are, below the directory of a suite. */
const PACKAGES = 'main/binary-amd64/Packages'
export const SOURCES = 'main/source/Sources'

/**
 * The kernels of releases that have left the mirrors, in Debian's archive. Its indexes are verified here: apt refuses
 * those whose keys have expired, and so does every library.
 *
 * @param suites paths below the archive, the tree before `/dists/`: debian-security/dists/stretch/updates
 */
export function archiveStore(suites: string[], supply: Supply, patience?: Patience): Store {
  let indexes = new Map<string, string>()
  return {
    async images(matches) {
      indexes = await archiveIndexes(suites, PACKAGES, supply, patience)
      return Array.from(indexes, ([suite, index]) => binariesOf(index, IMAGES, suite))
        .flat()
        .filter(matches)
    },
    sibling: async (name, image) =>
      binariesOf(indexes.get(image.suite)!, name, image.suite).find(sameVersion(image)) ?? null,
    fetch: (wanted, dir) =>
      fetchFile(`${treeUri(wanted.suite, supply)}/${wanted.filename}`, wanted, dir, supply, patience),
  }
}

/**
 * An index of each suite of the archive, by the suite's path; without the suites that there are not: not every release
 * had all of them, and some are not archived yet.
 *
 * @param path of the index below a suite, without what it is packed with
 * @throws a {@link NotFound} where there is none of the suites
 */
export async function archiveIndexes(
  suites: string[],
  path: string,
  supply: Supply,
  patience?: Patience,
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  let absent: NotFound | undefined
  for (const suite of suites) {
    const uri = `${archiveUri(supply)}/${suite}`
    try {
      supply.note(`reading the package index of ${uri}`)
      found.set(suite, await suiteIndex(uri, path, identityOf(suite), supply, patience))
    } catch (error) {
      if (!(error instanceof NotFound)) throw error
      absent = error
    }
  }
  if (!found.size && absent) throw absent
  return found
}

/** The URI of the tree that holds a suite of the archive, and its pool. */
export const treeUri = (suite: string, supply: Supply) => `${archiveUri(supply)}/${suite.replace(/\/dists\/.*/, '')}`

export const sameVersion = (image: BinaryPackage) => (other: BinaryPackage) => other.version === image.version

/** The packages of an index whose names match. */
export const binariesOf = (index: string, name: string | RegExp, suite: string): BinaryPackage[] =>
  stanzas(index, name).map((stanza) => v.parse(Binary, { ...stanza, suite }))

/** The index of a suite's binary packages (main, amd64), as {@link suiteIndex} finds it. */
export const packagesIndex = (
  suite: string,
  identity: Identity,
  supply: Supply,
  patience?: Patience,
): Promise<string> => suiteIndex(suite, PACKAGES, identity, supply, patience)

/** The most bytes of a Release file, thirty times the longest, and of its signature. */
const [RELEASE, SIGNATURE] = [6_000_000, 100_000]

/**
 * An index of a suite. Verified are the signature of the Release file, that it is of this suite and its time, and, against
 * that file, the index's SHA-256.
 *
 * @param suite URI of the suite's directory: http://archive.debian.org/debian/dists/stretch
 * @param path of the index below it, without what it is packed with
 * @throws a Fault (exit 3); a {@link NotFound} when there is no such suite
 */
export const suiteIndex = (
  suite: string,
  path: string,
  identity: Identity,
  supply: Supply,
  patience?: Patience,
): Promise<string> =>
  scratch('archive', async (dir) => {
    const forms = formsOf(path, identity)
    const listed = await verifiedRelease(suite, dir, { ...identity, pinned: forms.pinned }, supply, patience)
    for (const name of forms.names) {
      const wanted = listed.get(name)
      if (!wanted) continue
      const pin = identity.pins?.[name]
      if (pin && wanted.sha256 !== pin)
        throw new Distrusted(
          `${suite}/${name} should have the SHA-256 ${pin}, but its Release file lists ${wanted.sha256}`,
        )
      const file = join(dir, basename(name))
      try {
        await download(`${suite}/${name}`, file, wanted.size, supply, patience)
      } catch (error) {
        // Release also lists files that the archive dropped.
        if (error instanceof NotFound) continue
        throw error
      }
      await check(`${suite}/${name}`, file, wanted)
      // Release lists the unpacked index, too, though archives do not serve it.
      return (await unpacked(`${suite}/${name}`, file, listed.get(path)?.size ?? wanted.size * PACKED)).toString()
    }
    throw notReady(`${suite} has no ${path} in any form that its Release file lists`)
  })

async function unpacked(uri: string, file: string, limit: number): Promise<Buffer> {
  try {
    return await decompress(await readFile(file), limit)
  } catch (error) {
    throw error instanceof Damaged ? new Distrusted(`${uri} is damaged: ${error.message}`) : error
  }
}

/** How many times longer an index is than its packed form, at most, where its Release file does not say. */
const PACKED = 20

/** The forms of an index, the smallest first; of one that is pinned, only the pinned ones. */
function formsOf(path: string, { pins = {} }: Identity) {
  const names = ['xz', 'bz2', 'gz'].map((packed) => `${path}.${packed}`)
  const pinned = names.filter((name) => pins[name])
  return { names: pinned.length ? pinned : names, pinned: pinned.length > 0 }
}

/** Downloads and verifies a suite's Release file. Returns the files that it lists. */
async function verifiedRelease(
  suite: string,
  dir: string,
  trust: Identity & { pinned: boolean },
  supply: Supply,
  patience?: Patience,
): Promise<Map<string, Expected>> {
  const [release, signature] = [join(dir, 'Release'), join(dir, 'Release.gpg')]
  await download(`${suite}/Release`, release, RELEASE, supply, patience)
  await download(`${suite}/Release.gpg`, signature, SIGNATURE, supply, patience).catch((error) => {
    throw error instanceof NotFound ? new Distrusted(`${suite}/Release has no signature: ${error.message}`) : error
  })
  await verifySignature(`${suite}/Release`, release, signature, trust, supply)
  const said = fields(await readFile(release, 'utf8'))
  checkRelease(`${suite}/Release`, said, trust)
  if (!said.SHA256) throw new Distrusted(`${suite}/Release lists no SHA-256 of its files`)
  return filesListed(said.SHA256)
}

/** What a file must be, by the index that lists it. */
export interface Expected {
  /** Bytes. */
  size: number
  sha256: string
}

/** The files in a field of Release or Sources that lists a SHA-256, a size and a path in each line, by that path. */
export function filesListed(field = ''): Map<string, Expected> {
  const lines = Array.from(field.matchAll(/^\s+([0-9a-f]{64})\s+(\d+)\s+(\S+)/gm))
  return new Map(lines.map(([, sha256, size, path]) => [path!, { size: Number(size), sha256: sha256! }]))
}

/** Downloads a file into a directory and checks its size and SHA-256. */
export async function fetchFile(
  uri: string,
  wanted: Expected & { filename: string },
  dir: string,
  supply: Supply,
  patience?: Patience,
): Promise<string> {
  const path = join(dir, basename(wanted.filename))
  await download(uri, path, wanted.size, supply, patience)
  await check(uri, path, wanted)
  return path
}

async function check(uri: string, path: string, { size, sha256 }: Expected) {
  const found = (await stat(path)).size
  if (found < size) throw notReady(`${uri} was cut short: ${found} of ${size} bytes came`)
  if ((await fileSha256(path)) !== sha256) throw new Distrusted(`${uri} was changed: its SHA-256 is not the signed one`)
}
