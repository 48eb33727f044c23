import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { $, quote } from 'zx'
import { Fault, notReady, usage } from '../../lab/model/fault.ts'
import { older } from '../../lab/model/range.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { buildSource, newestSource, type Recipe } from '../debian/build.ts'
import { describe } from '../kernels/bzimage.ts'

/** The Debian suites that carry a series of HAProxy. */
const SERIES: Record<string, string> = {
  '2.2': 'bullseye',
  '2.6': 'bookworm',
  '3.0': 'trixie',
  '3.2': 'sid',
  '3.4': 'experimental',
}

/** What `--haproxy` takes beside a path. */
export const HAPROXY_SERIES = Object.keys(SERIES)

/**
 * Connections that HAProxy accepts in one go where its configuration does not say (tune.maxaccept, in one process with
 * one thread): 64 up to 2.3 (cfgparse.c), 4 from 2.4 (commit 66161326f).
 */
export const defaultMaxaccept = (version: string): number => (older(version, '2.4') ? 64 : 4)

/** Everything off that needs a library, or that a static program cannot do. */
const RECIPE: Recipe = {
  build: `
    make haproxy TARGET=linux-musl CC="$MUSL_GCC" LDFLAGS=-static DEBUG_CFLAGS= \\
      USE_OPENSSL= USE_LUA= USE_PCRE= USE_PCRE2= USE_ZLIB= USE_LIBCRYPT= USE_CRYPT_H= USE_DL= USE_BACKTRACE= USE_PRCTL=`,
  keep: { haproxy: 'haproxy' },
}

/** A static HAProxy for x86-64. */
export interface Haproxy {
  path: string
  /** 2.6.12 */
  version: string
  /** Debian's version of the source it is built from (2.6.12-1+deb12u3); null for a user's own. */
  debian: string | null
}

/**
 * Obtains HAProxy: a series, built from Debian's source when it is not in the cache, or a user's own program.
 *
 * @param which one of {@link HAPROXY_SERIES}, or the path of a static program (anything with a slash)
 * @throws a Fault: exit 2 for an unknown series or a program that cannot run in a guest, exit 3 when the source
 *   cannot be had
 */
export async function haproxy(which: string, supply: Supply): Promise<Haproxy> {
  if (which.includes('/')) return ownHaproxy(which)
  const suite = SERIES[which]
  if (!suite) throw usage(`no HAProxy ${which}: choose ${HAPROXY_SERIES.join(', ')} or the path of a static program`)
  const source = await newestSource('haproxy', [suite], supply)
  const version = source.version.replace(/-[^-]*$/, '')
  if (!version.startsWith(`${which}.`))
    throw notReady(`${suite} has HAProxy ${version} now, no longer ${which}`, OTHERS)
  const dir = await buildSource(source, RECIPE, supply).catch((error) => {
    throw error instanceof Fault ? new Fault(error.message, error.exit, error.hint ?? OTHERS) : error
  })
  return { path: join(dir, 'haproxy'), version, debian: source.version }
}

/** The live mirror keeps the sources of stable releases; those of other suites may be gone before their index says so. */
const OTHERS = 'another series, such as 2.6 (the default), or the path of a static program'

/** A program that is no HAProxy may do anything when it is asked for its version. */
const PATIENCE = '10s'

async function ownHaproxy(which: string): Promise<Haproxy> {
  const path = resolve(which)
  const wrong = (what: string, hint = `--haproxy 2.6, which the lab builds`) =>
    usage(`--haproxy ${which}: ${what}; expected a static executable of HAProxy for x86-64`, hint)
  const found = await stat(path).catch(() => null)
  if (!found) throw wrong('there is no such file')
  const inside = join(which, 'haproxy')
  if (found.isDirectory())
    throw wrong(
      'is a directory',
      existsSync(inside) ? `--haproxy ${quote(inside)}` : `make -C ${quote(which)} haproxy …`,
    )
  if (!found.isFile()) throw wrong('is neither a file nor a directory')
  const file = await readFile(path).catch(() => null)
  if (!file) throw wrong('may not be read by this user', `chmod a+rx ${quote(which)}`)
  const program = describeElf(file)
  if (!program) throw wrong(describe(file))
  if (program.dynamic)
    throw wrong(
      'is linked dynamically, and a guest has no libraries',
      'build it with LDFLAGS=-static: against musl as images/proxies/haproxy.ts does, or against glibc for Linux 3.2 and newer',
    )
  const asked = await $({
    quiet: true,
    nothrow: true,
    timeout: PATIENCE,
    timeoutSignal: 'SIGKILL',
  })`${path} -v < /dev/null`
  if (asked.exitCode === 126) throw wrong('cannot be executed', `chmod a+rx ${quote(which)}`)
  const version = /^HA-?Proxy version (\d+\.\d+(?:\.\d+|-dev\d+)*)/m.exec(asked.stdout)?.[1]
  if (!version) throw wrong('does not say the version of HAProxy when it is run with -v')
  return { path, version, debian: null }
}

/** Whether a program asks for a dynamic linker (has PT_INTERP); null when it is none for x86-64. See elf(5). */
export function describeElf(file: Buffer): { dynamic: boolean } | null {
  const [MAGIC, CLASS64, X86_64, PT_INTERP] = [0x7f454c46, 2, 62, 3]
  if (file.length < 64 || file.readUInt32BE(0) !== MAGIC || file[4] !== CLASS64 || file.readUInt16LE(18) !== X86_64)
    return null
  const [offset, size, count] = [Number(file.readBigUInt64LE(32)), file.readUInt16LE(54), file.readUInt16LE(56)]
  // Cut short, or an object file, which has nothing to be loaded.
  if (count === 0 || offset + count * size > file.length) return null
  const headers = Array.from({ length: count }, (_, i) => file.readUInt32LE(offset + i * size))
  return { dynamic: headers.includes(PT_INTERP) }
}
