import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT, Fault } from '../../images/fault.ts'

/** Makes the folder of a run. @throws a Fault (exit 2) when it cannot be made */
export function makeFolder(path: string) {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw new Fault(`--out ${path}: ${(error as Error).message}`, EXIT.usage)
  }
}

/** Writes files into a folder, each whole or not at all. @throws a Fault (exit 4) when the disk does not take them */
export function saveFiles(folder: string, files: Record<string, string>) {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    try {
      // Flushed before it gets its name: else a machine that goes down may leave an empty file of that name.
      writeFileSync(`${path}.new`, content, { flush: true })
      renameSync(`${path}.new`, path)
    } catch (error) {
      throw new Fault(
        `cannot save ${path}: ${(error as Error).message}`,
        EXIT.failed,
        'free space, or --out DIR elsewhere',
      )
    }
  }
}
