import { open, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

// What a file system takes may lie in memory for half a minute. What has its final name must survive a power cut, so it
// is flushed before it gets that name, and the name afterwards.

/** Flushes a file, or the names in a folder, to the disk (fsync(2)). */
async function flushOne(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

/** Flushes everything below a folder, and the folder. Links are part of their folders. */
export async function flushTree(folder: string): Promise<void> {
  const all = await readdir(folder, { withFileTypes: true, recursive: true })
  const paths = all
    .filter((item) => item.isFile() || item.isDirectory())
    .map((item) => join(item.parentPath, item.name))
  // Side by side, so that the file system writes its journal for many at once.
  const next = [...paths, folder].values()
  const worker = async () => {
    for (const path of next) await flushOne(path)
  }
  await Promise.all(Array.from({ length: 4 }, worker))
}

/** Flushes the name that a file or folder has just got. */
export const flushName = (path: string): Promise<void> => flushOne(dirname(path))
