import { lstatSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import * as v from 'valibot'
import { contentSha256 } from './hash.ts'
import { readJsonFile } from './json.ts'

// A seal beside the files of an entry says what they were when they were built. A file whose times and size are still
// those of the seal is not read; any other counts only if its content is the same. Times alone would not do: anybody can
// set the time of the last write, but the time of the last change (ctime) is the kernel's own.

const SEAL = 'seal.json'

const Seal = v.record(v.string(), v.strictObject({ stamp: v.string(), sha256: v.string() }))
type Seal = v.InferOutput<typeof Seal>

/** Seals the files of an entry. */
export async function saveSeal(files: string): Promise<void> {
  const all = readdirSync(files, { withFileTypes: true, recursive: true })
  const paths = all.filter((item) => item.isFile()).map((item) => join(item.parentPath, item.name))
  const seal: Seal = {}
  for (const path of paths) seal[relative(files, path)] = { stamp: stampOf(path)!, sha256: hashOf(path)! }
  await writeFile(sealPath(files), JSON.stringify(seal))
}

/**
 * Whether the files of what `cached` returned are those that were built: not cut short, which a machine that goes down or
 * a full disk can do, and not replaced.
 *
 * @param below checks only paths that begin so
 */
export function isWhole(files: string, below = ''): boolean {
  const seal = readJsonFile(sealPath(files), Seal)
  if (!seal) return false
  let moved = false
  // One after the other: for a kernel's modules that is faster than side by side.
  for (const [path, known] of Object.entries(seal).filter(([path]) => path.startsWith(below))) {
    const stamp = stampOf(join(files, path))
    if (stamp === known.stamp) continue
    if (stamp === null || sizeIn(stamp) !== sizeIn(known.stamp) || hashOf(join(files, path)) !== known.sha256)
      return false
    seal[path] = { ...known, stamp }
    moved = true
  }
  if (moved) renew(files, seal)
  return true
}

const sealPath = (files: string) => join(dirname(files), SEAL)

/** Size, and the times of the last write and change in nanoseconds; null where there is no file. */
function stampOf(path: string): string | null {
  try {
    const found = lstatSync(path, { bigint: true })
    return found.isFile() ? `${found.size} ${found.mtimeNs} ${found.ctimeNs}` : null
  } catch {
    return null
  }
}

const sizeIn = (stamp: string) => stamp.split(' ')[0]

function hashOf(path: string): string | null {
  try {
    return contentSha256(readFileSync(path))
  } catch {
    return null
  }
}

/** A cache that was copied, or came with an image, has other times: its files are read once. */
function renew(files: string, seal: Seal) {
  const draft = `${sealPath(files)}.${process.pid}`
  try {
    writeFileSync(draft, JSON.stringify(seal))
    renameSync(draft, sealPath(files))
  } catch {
    // It cannot be written to: its files are read each time.
  }
}
