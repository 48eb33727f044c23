import { lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import * as v from 'valibot'
import { cacheFolder, cacheRoot, fileSha256, saveWhole, sha256 } from '../../images/cache/cache.ts'
import { readJsonFile } from '../../images/cache/json.ts'
import type { CellKernel, CellProxy, RootParts } from '../model/cell.ts'

// What a cell needs on disk has a name by its content, so that a cell can be carried out by any machine that has the same
// content, wherever it lies there. The cache remembers what lies where on this machine.

/** How names begin. Anything else is a path: cells of older runs have no names. */
const SCHEME = 'sha256:'

/** Something that is not on this machine as a cell needs it. */
export class PartMissing extends Error {
  override name = 'PartMissing'
}

/** What needs parts: a cell, or what one is planned from. */
interface HasParts {
  kernel?: Pick<CellKernel, 'image' | 'modules'>
  root?: RootParts
  proxy?: Pick<CellProxy, 'path'>
}

/** The same with the name of each part for its path; the cache knows the path afterwards. */
export const named = <T extends HasParts>(owner: T): Promise<T> => mapParts(owner, namePart)

/** The same with the path of each part for its name. @throws PartMissing, with what is missing */
export const located = <T extends HasParts>(owner: T): Promise<T> => mapParts(owner, findPart)

type MapPart = (part: string, what: string) => Promise<string>

async function mapParts<T extends HasParts>(owner: T, map: MapPart): Promise<T> {
  const each = async (part: string | null | undefined, what: string) => (part ? map(part, what) : null)
  const [image, modules, userland, programs, ab, path] = await Promise.all([
    each(owner.kernel?.image, 'the kernel'),
    each(owner.kernel?.modules, "the kernel's modules"),
    each(owner.root?.userland, 'the userland'),
    each(owner.root?.programs, "the lab's programs"),
    each(owner.root?.ab, 'ab'),
    each(owner.proxy?.path, 'the proxy'),
  ])
  return {
    ...owner,
    ...(owner.kernel && { kernel: { ...owner.kernel, image, modules } }),
    ...(owner.root && { root: { userland, programs, ...(ab && { ab }) } }),
    ...(owner.proxy && { proxy: { ...owner.proxy, path } }),
  }
}

/** Where a part lies, and what it looked like when its content was read last. */
const Place = v.object({ path: v.string(), stamp: v.string(), name: v.string() })
type Place = v.InferOutput<typeof Place>

const placeFile = (key: string) => join(cacheFolder('parts'), `${key}.json`)
const byName = (name: string) => placeFile(hashIn(name))
const byPath = (path: string) => placeFile(`path-${sha256(path)}`)

const readPlace = (file: string) => readJsonFile(file, Place)

/** A folder with parts that came to this machine together (lab/guest/pack.ts); none where the variable is not set. */
const packed = () => process.env.HITLESS_PARTS

/** What is remembered of a part with this name. */
function placeOf(part: string): Place | null {
  const folder = packed()
  return readPlace(byName(part)) ?? (folder ? readPlace(packedPlace(folder, part)) : null)
}

/** Where a folder of packed parts says what lies where. */
const packedPlace = (folder: string, part: string) => join(folder, `${hashIn(part)}.json`)

/** The hash in the name of a part. */
export const hashIn = (part: string) => part.slice(SCHEME.length)

/** Says in a folder of packed parts that the part at a path has a name. */
export const savePacked = (folder: string, path: string, name: string) =>
  saveWhole(packedPlace(folder, name), JSON.stringify({ path, stamp: packedStampOf(path)!, name }))

async function savePlace(place: Place) {
  for (const file of [byName(place.name), byPath(place.path)]) await saveWhole(file, JSON.stringify(place))
}

async function namePart(path: string): Promise<string> {
  const stamp = stampOf(path)
  if (stamp === null) throw new PartMissing(`${path} is gone`)
  const known = readPlace(byPath(path))
  const name = known?.stamp === stamp ? known.name : await nameOf(path)
  const place = readPlace(byName(name))
  if (known?.stamp !== stamp || place?.path !== path || place.stamp !== stamp) await savePlace({ path, stamp, name })
  return name
}

/** The path of a part on this machine. @throws PartMissing */
export async function findPart(part: string, what: string): Promise<string> {
  if (!part.startsWith(SCHEME)) {
    if (stampOf(part) === null) throw new PartMissing(`${part} is gone`)
    return part
  }
  const place = placeOf(part)
  if (!place) throw new PartMissing(`${what} (${part.slice(0, SCHEME.length + 12)}) is not in the cache ${cacheRoot()}`)
  const stamp = stampOf(place.path)
  if (stamp === null) throw new PartMissing(`${place.path} is gone`)
  if (stamp === place.stamp || packedStampOf(place.path) === place.stamp) return place.path
  if ((await nameOf(place.path)) !== part) throw new PartMissing(`${place.path} has changed`)
  await savePlace({ ...place, stamp })
  return place.path
}

/**
 * A part as it is now, whatever the cache remembers of it: where it lies, and the name of what is there.
 *
 * @returns null where this machine never had it; `name` is null where nothing is there any more
 */
export async function partNow(part: string): Promise<{ path: string; name: string | null } | null> {
  const path = part.startsWith(SCHEME) ? placeOf(part)?.path : part
  if (path === undefined) return null
  return { path, name: stampOf(path) === null ? null : await nameOf(path) }
}

/** Whether a part has a name by its content; those of older runs are paths. */
export const isNamed = (part: string) => part.startsWith(SCHEME)

/** A file or link in a directory; or the file itself, which has no path in it then. */
interface Item {
  path: string
  /** What a link says; null for a file. */
  target: string | null
  /** Permissions. */
  mode: number
  size: number
  mtimeMs: number
  /** When anything of it was changed last: unlike mtime, nobody can set it. */
  ctimeMs: number
}

/**
 * The files and links at a path, sorted; null when there is nothing. Other things count for nothing in a guest.
 *
 * One after the other: for a kernel's modules that is faster than side by side.
 */
export function itemsAt(path: string): Item[] | null {
  const found = lookAt(path)
  if (!found) return null
  if (!found.isDirectory()) return itemOf(path, '', null)
  const entries = readdirSync(path, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .flatMap((entry) => {
      const file = join(entry.parentPath, entry.name)
      return itemOf(file, relative(path, file), entry.isSymbolicLink() ? readlinkSync(file) : null)
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** What a path leads to; null where it leads nowhere, or may not be followed. */
function lookAt(path: string) {
  try {
    return statSync(path)
  } catch {
    return null
  }
}

/** An absolute link to a file leads to where that lies on this machine, as to a module in a kernel tree: it is that file. */
function itemOf(file: string, path: string, link: string | null): Item[] {
  const followed = link === null || isAbsolute(link) ? lookAt(file) : null
  const isFile = followed?.isFile() ?? false
  if (link === null && !isFile) return []
  const { mode, size, mtimeMs, ctimeMs } = followed && isFile ? followed : lstatSync(file)
  return [{ path, target: isFile ? null : link, mode: mode & 0o777, size, mtimeMs, ctimeMs }]
}

/** What changes when somebody writes there, without reading any content; null when there is nothing. */
function stampOf(path: string): string | null {
  const items = itemsAt(path)
  return items && sha256(...items.map((item) => JSON.stringify(Object.values(item))))
}

/** The same without what copying changes: for parts that came with others (lab/guest/pack.ts). */
function packedStampOf(path: string): string | null {
  const items = itemsAt(path)
  return items && sha256(...items.map(({ ctimeMs, ...item }) => JSON.stringify(Object.values(item))))
}

/** The name by content: that of a file is its SHA-256; that of a directory is made from its files' paths, modes and contents. */
export async function nameOf(path: string): Promise<string> {
  const items = itemsAt(path) ?? []
  const contents: string[] = []
  // One after the other: a kernel's modules may be large.
  for (const item of items) contents.push(item.target ?? (await fileSha256(join(path, item.path))))
  if (items.length === 1 && items[0]!.path === '') return SCHEME + contents[0]
  return (
    SCHEME +
    sha256(...items.map(({ path, target, mode }, i) => JSON.stringify([path, target === null, mode, contents[i]])))
  )
}
