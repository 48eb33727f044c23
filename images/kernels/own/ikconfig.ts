import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Note } from '../../../lab/model/text/note.ts'
import { cached } from '../../cache/cache.ts'
import { Damaged } from '../../cache/decompress.ts'
import { extractVmlinux } from '../bzimage.ts'
import { Changed, readImage } from '../kernel.ts'

// The marks around the configuration, which is packed with gzip: kernel/configs.c.
const START = 'IKCFG_ST'
const END = 'IKCFG_ED'
/** Bytes of a configuration at most, unpacked; those of real kernels have some 300 KB. */
const MOST = 16 * 1024 * 1024

/**
 * The configuration that a kernel built with CONFIG_IKCONFIG carries, or null.
 *
 * @param kernel the content of an uncompressed kernel (vmlinux)
 * @throws where the configuration is damaged
 */
export async function embeddedConfig(kernel: Buffer): Promise<string | null> {
  const start = kernel.indexOf(Buffer.concat([Buffer.from(START), Buffer.from('1f8b', 'hex')]))
  const end = kernel.indexOf(END, start)
  if (start < 0 || end < 0) return null
  const packed = kernel.subarray(start + START.length, end)
  return (await promisify(gunzip)(packed, { maxOutputLength: MOST })).toString()
}

/**
 * The path of a file with the configuration that a bzImage carries, extracted once and cached; null where it has none,
 * and where the image cannot be unpacked here, which is noted.
 *
 * @throws Damaged, Changed
 */
export async function extractedConfig(
  { name, sha256, image }: { name: string; sha256: string; image: string },
  note: Note,
): Promise<string | null> {
  try {
    const dir = await cached('configs', name, [sha256], async (dir) => {
      const config = await embeddedConfig(await extractVmlinux(await readImage({ image, sha256 })))
      if (config !== null) await writeFile(join(dir, 'config'), config)
    })
    return existsSync(join(dir, 'config')) ? join(dir, 'config') : null
  } catch (error) {
    if (error instanceof Damaged || error instanceof Changed) throw error
    note(`${name}: its configuration stays unknown: ${(error as Error).message}`)
    return null
  }
}
