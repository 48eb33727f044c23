import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { $ } from 'zx'
import { notReady } from '../../lab/model/fault.ts'
import { scratch } from './cache.ts'

interface Format {
  magic: Buffer
  /** What unpacks it, reading standard input; gzip needs no program. */
  command?: string[]
  /** The Debian package that has the program. */
  package?: string
}

const hex = (magic: string) => Buffer.from(magic, 'hex')

/** What kernels and their modules come packed in: lib/decompress.c of the kernel, and kmod. */
const FORMATS: Format[] = [
  { magic: hex('1f8b') },
  { magic: hex('fd377a585a00'), command: ['xz', '-dc'], package: 'xz-utils' },
  // The kernel's own unpacker takes any window; the program takes 128 MiB when nothing is said.
  { magic: hex('28b52ffd'), command: ['zstd', '-dc', '--long=31'], package: 'zstd' },
  { magic: hex('02214c18'), command: ['lz4', '-dc'], package: 'lz4' },
  { magic: hex('5d0000'), command: ['xz', '--format=lzma', '-dc'], package: 'xz-utils' },
  { magic: hex('425a68'), command: ['bzip2', '-dc'], package: 'bzip2' },
  { magic: hex('894c5a'), command: ['lzop', '-dc'], package: 'lzop' },
]

/** Packed data that its own program calls damaged. */
export class Damaged extends Error {
  override name = 'Damaged'
}

/**
 * Unpacks what is packed in a format that its first bytes tell; anything else is returned as it is.
 *
 * @throws Damaged; a Fault (exit 3) when the host lacks the program for it; an Error when it ended badly otherwise
 */
export async function decompress(data: Buffer): Promise<Buffer> {
  const format = FORMATS.find(({ magic }) => data.subarray(0, magic.length).equals(magic))
  if (!format) return data
  const { command } = format
  if (!command)
    return promisify(gunzip)(data).catch((error: Error) => {
      throw new Damaged(`gzip: ${error.message}`)
    })
  return scratch('unpack', async (dir) => {
    // Through files: what a process prints, zx takes for text.
    const [packed, unpacked] = [join(dir, 'packed'), join(dir, 'unpacked')]
    await writeFile(packed, data)
    const { exitCode, signal, stderr } = await $({
      quiet: true,
      nothrow: true,
    })`${command} < ${packed} > ${unpacked}`
    if (exitCode === 127) throw notReady(`${command[0]} is not on the PATH`, `apt-get install ${format.package}`)
    if (exitCode !== 0) {
      const said = stderr.trim().split('\n')[0]
      const message = `${command[0]}: ${said || `ended by ${signal ?? `status ${exitCode}`}`}`
      // A full disk and a killed program (by its shell: 128 and the signal) say nothing of the data.
      const other = signal || exitCode! > 128 || /write error|no space left/i.test(stderr)
      throw other ? new Error(message) : new Damaged(message)
    }
    return readFile(unpacked)
  })
}
