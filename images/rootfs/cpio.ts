import { readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises'
import { dirname, join, posix, relative } from 'node:path'
import { cached } from '../cache/cache.ts'

/** One entry of an archive: content is a file's bytes or a symbolic link's target. */
export interface Entry {
  /** Without a leading slash. */
  path: string
  /** Type and permissions, as in struct stat's st_mode. */
  mode: number
  content?: Buffer
  /** Major and minor number of a device node. */
  device?: [number, number]
}

const S_IFCHR = 0o020000
const S_IFDIR = 0o040000
const S_IFREG = 0o100000
const S_IFLNK = 0o120000

export const directory = (path: string): Entry => ({ path, mode: S_IFDIR | 0o755 })
export const file = (path: string, content: Buffer | string, permissions = 0o644): Entry => ({
  path,
  mode: S_IFREG | permissions,
  content: Buffer.from(content),
})
export const symlink = (path: string, target: string): Entry => ({
  path,
  mode: S_IFLNK | 0o777,
  content: Buffer.from(target),
})
export const characterDevice = (path: string, major: number, minor: number): Entry => ({
  path,
  mode: S_IFCHR | 0o600,
  device: [major, minor],
})

/** The directories, files and links below a directory of the host, at `prefix` in the guest. */
export async function tree(root: string, prefix = ''): Promise<Entry[]> {
  const found = await readdir(root, { withFileTypes: true, recursive: true })
  const entries = found.map(async (item): Promise<Entry[]> => {
    const source = join(item.parentPath, item.name)
    const path = posix.join(prefix, relative(root, source))
    if (item.isDirectory()) return [directory(path)]
    if (item.isSymbolicLink()) return [symlink(path, await readlink(source))]
    if (item.isFile()) return [file(path, await readFile(source), (await stat(source)).mode & 0o777)]
    return []
  })
  return (await Promise.all(entries)).flat()
}

/**
 * Packs entries into a cpio archive in the format "newc" (Documentation/driver-api/early-userspace/buffer-format.rst).
 * The format is written by hand, since cpio itself needs root to archive device nodes and no kept-up library writes it.
 * The same entries give the same bytes: sorted by path, all owned by root, with time 0. Missing parent directories are
 * added, because the kernel makes none; the later of two entries with one path counts.
 */
export function pack(entries: Entry[]): Buffer {
  const byPath = new Map<string, Entry>()
  for (const { path } of entries)
    for (let up = dirname(path); up !== '.'; up = dirname(up)) byPath.set(up, directory(up))
  for (const entry of entries) byPath.set(entry.path, entry)
  const sorted = [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  return Buffer.concat([...sorted, { path: 'TRAILER!!!', mode: 0 }].flatMap(record))
}

/** Header, name and content. Name and content each end on a multiple of four bytes. */
function record({ path, mode, content = Buffer.alloc(0), device = [0, 0] }: Entry, index: number): Buffer[] {
  const name = Buffer.from(`${path}\0`)
  // inode, mode, uid, gid, links, mtime, size, device of the file (2), device that it is (2), size of the name, checksum
  const fields = [index + 1, mode, 0, 0, 1, 0, content.length, 0, 0, ...device, name.length, 0]
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`)
  return [header, name, padding(header.length + name.length), content, padding(content.length)]
}

const padding = (size: number) => Buffer.alloc(-size & 3)

/** The path of a cached archive, packed first where it is missing. For `key` see {@link cached}. */
export async function archive(name: string, key: string[], entries: () => Promise<Entry[]>): Promise<string> {
  const entry = await cached('initramfs', name, key, async (dir) => {
    await writeFile(join(dir, 'archive.cpio'), pack(await entries()))
  })
  return join(entry, 'archive.cpio')
}

/** Writes an initrd: the shared archives one after the other, then the entries of one cell. */
export async function writeInitrd(path: string, archives: string[], entries: Entry[]): Promise<void> {
  const parts = await Promise.all(archives.map((part) => readFile(part)))
  await writeFile(path, Buffer.concat([...parts, pack(entries)]))
}
