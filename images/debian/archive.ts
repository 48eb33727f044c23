import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as v from 'valibot'
import { notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { fileSha256, scratch } from '../cache/cache.ts'
import { decompress } from '../cache/decompress.ts'
import { download, NotFound, type Patience } from './http.ts'
import { archiveUri } from './mirrors.ts'
import { Distrusted, verifySignature } from './signature.ts'
import { Binary, type BinaryPackage, type Store, stanzas } from './stanzas.ts'

/** Every kernel image. */
const IMAGES = /^linux-image-/

/**
 * The kernels of releases that have left the mirrors, in Debian's archive. Its indexes are verified here: apt refuses
 * those whose keys have expired, and so does every library.
 *
 * @param suites paths below the archive, the tree before `/dists/`: debian-security/dists/stretch/updates
 */
export function archiveStore(suites: string[], supply: Supply, patience?: Patience): Store {
  const base = archiveUri(supply)
  const indexes = new Map<string, string>()
  return {
    async images(matches) {
      const found: BinaryPackage[] = []
      let absent: NotFound | undefined
      for (const suite of suites) {
        try {
          supply.note(`reading the package index of ${base}/${suite}`)
          indexes.set(suite, await packagesIndex(`${base}/${suite}`, supply, patience))
          found.push(...binariesOf(indexes.get(suite)!, IMAGES, suite).filter(matches))
        } catch (error) {
          // Not every release had all suites, and some are not archived yet.
          if (!(error instanceof NotFound)) throw error
          absent = error
        }
      }
      if (!indexes.size && absent) throw absent
      return found
    },
    sibling: async (name, image) =>
      binariesOf(indexes.get(image.suite)!, name, image.suite).find(sameVersion(image)) ?? null,
    fetch: (wanted, dir) =>
      fetchPackage(`${base}/${treeOf(wanted.suite)}/${wanted.filename}`, wanted, dir, supply, patience),
  }
}

const treeOf = (suite: string) => suite.replace(/\/dists\/.*/, '')

export const sameVersion = (image: BinaryPackage) => (other: BinaryPackage) => other.version === image.version

/** The packages of an index whose names match. */
export const binariesOf = (index: string, name: string | RegExp, suite: string): BinaryPackage[] =>
  stanzas(index, name).map((stanza) => v.parse(Binary, { ...stanza, suite }))

/**
 * The index of a suite's binary packages (main, amd64). Verified are the signature of the Release file and, against
 * that file, the index's SHA-256.
 *
 * @param suite URI of the suite's directory: http://archive.debian.org/debian/dists/stretch
 * @throws a Fault (exit 3); a {@link NotFound} when there is no such suite
 */
export const packagesIndex = (suite: string, supply: Supply, patience?: Patience): Promise<string> =>
  scratch('archive', async (dir) => {
    const [release, signature] = [join(dir, 'Release'), join(dir, 'Release.gpg')]
    await download(`${suite}/Release`, release, supply, patience)
    await download(`${suite}/Release.gpg`, signature, supply, patience).catch((error) => {
      throw error instanceof NotFound ? new Distrusted(`${suite}/Release has no signature: ${error.message}`) : error
    })
    await verifySignature(`${suite}/Release`, release, signature, supply)
    const listed = sha256Section(await readFile(release, 'utf8'))
    for (const name of ['xz', 'bz2', 'gz'].map((packed) => `main/binary-amd64/Packages.${packed}`)) {
      const wanted = listed.get(name)
      if (!wanted) continue
      const path = join(dir, basename(name))
      try {
        await download(`${suite}/${name}`, path, supply, patience)
      } catch (error) {
        // Release also lists files that the archive dropped.
        if (error instanceof NotFound) continue
        throw error
      }
      await check(`${suite}/${name}`, path, wanted)
      return (await decompress(await readFile(path))).toString()
    }
    throw notReady(`${suite} has none of the package indexes of main for amd64 that its Release file lists`)
  })

interface Expected {
  /** Bytes. */
  size: number
  sha256: string
}

/** The files that a Release file lists with their SHA-256, by their path below it. */
function sha256Section(release: string): Map<string, Expected> {
  const section = /^SHA256:[ \t]*\n((?:[ \t].*\n?)*)/m.exec(release)?.[1] ?? ''
  const lines = Array.from(section.matchAll(/^\s+([0-9a-f]{64})\s+(\d+)\s+(\S+)/gm))
  return new Map(lines.map(([, sha256, size, path]) => [path!, { size: Number(size), sha256: sha256! }]))
}

/** Downloads a package into a directory and checks its size and SHA-256. */
export async function fetchPackage(
  uri: string,
  wanted: BinaryPackage,
  dir: string,
  supply: Supply,
  patience?: Patience,
): Promise<string> {
  const path = join(dir, basename(wanted.filename))
  await download(uri, path, supply, patience)
  await check(uri, path, wanted)
  return path
}

async function check(uri: string, path: string, { size, sha256 }: Expected) {
  const found = (await stat(path)).size
  if (found < size) throw notReady(`${uri} was cut short: ${found} of ${size} bytes came`)
  if ((await fileSha256(path)) !== sha256) throw new Distrusted(`${uri} was changed: its SHA-256 is not the signed one`)
}
