import { copyFile, lutimes, mkdir, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { findPart, hashIn, itemsAt, nameOf, savePacked } from './parts.ts'

/**
 * Copies parts into a folder with which another machine can carry cells out: HITLESS_PARTS names it there. It must lie at
 * the same path.
 *
 * @param parts their names by content
 * @throws PartMissing; an Error where a copy is not the part
 */
export async function packParts(parts: string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const part of parts) await packPart(part, folder)
}

async function packPart(part: string, folder: string) {
  const from = await findPart(part, 'a part')
  const to = join(folder, hashIn(part).slice(0, 16), basename(from))
  await rm(dirname(to), { recursive: true, force: true })
  for (const { path, target, mtimeMs } of itemsAt(from) ?? []) {
    const copy = join(to, path)
    await mkdir(dirname(copy), { recursive: true })
    await (target === null ? copyFile(join(from, path), copy) : symlink(target, copy))
    // Images know whole seconds only, and a part whose times differ from those remembered is read anew.
    const seconds = Math.floor(mtimeMs / 1000)
    await lutimes(copy, seconds, seconds)
  }
  if ((await nameOf(to)) !== part) throw new Error(`${to} is not what ${from} is`)
  await savePacked(folder, to, part)
}
