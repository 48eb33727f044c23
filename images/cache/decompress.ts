import { readFile, writeFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { $ } from 'zx/core'
import { notReady } from '../../lab/model/fault.ts'
import { scratch } from './cache.ts'

interface Format {
  magic: Buffer
  /** The program that unpacks standard input; node unpacks gzip itself. */
  command?: string[]
  /** The Debian package that has the program. */
  package?: string
}

const hex = (magic: string) => Buffer.from(magic, 'hex')

/** The formats of packed kernels and modules: lib/decompress.c of the kernel, and kmod. */
const FORMATS: Format[] = [
  { magic: hex('1f8b') },
  { magic: hex('fd377a585a00'), command: ['xz', '-dc'], package: 'xz-utils' },
  // The kernel's own unpacker takes any window, the program by default only up to 128 MiB.
  { magic: hex('28b52ffd'), command: ['zstd', '-dc', '--long=31'], package: 'zstd' },
  { magic: hex('02214c18'), command: ['lz4', '-dc'], package: 'lz4' },
  { magic: hex('5d0000'), command: ['xz', '--format=lzma', '-dc'], package: 'xz-utils' },
  { magic: hex('425a68'), command: ['bzip2', '-dc'], package: 'bzip2' },
  { magic: hex('894c5a'), command: ['lzop', '-dc'], package: 'lzop' },
]

const { SIGXFSZ } = constants.signals

/** No kernel, module or index is larger: 1 GiB. */
const LARGEST = 2 ** 30

/** Packed data that its own program calls damaged. */
export class Damaged extends Error {
  override name = 'Damaged'
}

/**
 * Unpacks data whose first bytes tell a known format; any other data is returned as it is.
 *
 * @param limit the most bytes that may come out, to the kibibyte: a few kilobytes can hold gigabytes of zeros
 * @throws Damaged; a Fault (exit 3) when the host lacks the program for it; an Error when the program fails otherwise
 */
export async function decompress(data: Buffer, limit = LARGEST): Promise<Buffer> {
  const format = FORMATS.find(({ magic }) => data.subarray(0, magic.length).equals(magic))
  if (!format) return data
  const { command } = format
  if (!command)
    return promisify(gunzip)(data, { maxOutputLength: Math.max(limit, 1) }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(limit) : new Damaged(`gzip: ${error.message}`)
    })
  return scratch('unpack', async (dir) => {
    // Through files, since zx reads what a program prints as text.
    const [packed, unpacked] = [join(dir, 'packed'), join(dir, 'unpacked')]
    await writeFile(packed, data)
    // In KiB. The program dies of it where it does not see that it cannot write.
    const run = $({ quiet: true, nothrow: true })
    const limited = run`ulimit -f ${Math.ceil(limit / 1024)}; ${command} < ${packed} > ${unpacked}`
    const { exitCode, signal, stderr } = await limited
    if (signal === 'SIGXFSZ' || exitCode === 128 + SIGXFSZ || /file too large/i.test(stderr)) throw tooLarge(limit)
    if (exitCode === 127) throw notReady(`${command[0]} is not on the PATH`, `apt-get install ${format.package}`)
    if (exitCode !== 0) {
      const reason = stderr.trim().split('\n')[0] || `ended by ${signal ?? `status ${exitCode}`}`
      const message = `${command[0]}: ${reason}`
      // A full disk or a killed program (its shell's status is 128 and the signal) tells nothing about the data.
      const other = signal || exitCode! > 128 || /write error|no space left/i.test(stderr)
      throw other ? new Error(message) : new Damaged(message)
    }
    return readFile(unpacked)
  })
}

const tooLarge = (limit: number) => new Damaged(`it unpacks to more than ${limit} bytes`)
