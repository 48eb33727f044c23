import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { glob, quote } from 'zx'
import { usage } from '../../../lab/model/fault.ts'
import type { Supply } from '../../../lab/model/supply.ts'
import { cached, fileSha256 } from '../../cache/cache.ts'
import { readForeign, Unfit } from '../../cache/foreign.ts'
import { shell } from '../../cache/shell.ts'
import { unprivileged } from '../../cache/unprivileged.ts'
import { describe, isKernel } from '../bzimage.ts'
import { imageFacts } from '../kernel.ts'
import { isPackageName } from '../names.ts'
import { insidePackage, keepParts, partsOf, unpackDeb } from '../unpack.ts'

/** The names of packages that may hold parts of a kernel: linux-image-…, linux-modules-…, proxmox-kernel-… */
const KERNELS = /^linux-|kernel/
/** The names of packages that a kernel's build makes beside those, without a kernel, modules or configuration. */
const OTHERS = /(^|-)(headers|libc-dev|dbg|dbgsym|kbuild|doc|source|tools|perf)(-|_|$)/

/** The .debs of a directory that may be parts of a kernel, as absolute paths. */
export async function debsIn(dir: string): Promise<string[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.deb'))
  // The package's name ends at the first "_".
  const parts = files.filter((file) => KERNELS.test(file) && !OTHERS.test(file.split('_')[0]!))
  return parts.sort().map((file) => join(dir, file))
}

/** Bytes of an image at most: a guest has less memory. */
const MOST = 1024 * 1024 * 1024

/** Characters of a package's file name that the cache keeps, for people. */
const LONGEST_NAME = 100

/** The parts of a kernel from its packages, in the cache, and the SHA-256 of the package that held the image. */
export interface UnpackedDebs {
  image: string
  config: string | null
  modules: string | null
  debSha256: string
}

/**
 * Unpacks Debian packages, from Debian or `make bindeb-pkg`, that together hold one kernel: the image, maybe its modules
 * and its configuration. The same parts are kept as of packages from a mirror.
 *
 * @param spec the value of `--kernel`, for messages
 * @throws a Fault (exit 2) when they hold no kernel, more than one, or cannot be unpacked
 */
export async function unpackDebs(debs: string[], spec: string, { note, signal }: Supply): Promise<UnpackedDebs> {
  const hashes = await Promise.all(debs.map(fileSha256))
  const dir = await cached(
    'kernels',
    basename(debs[0]!, '.deb')
      .replace(/[^\w.+-]/g, '_')
      .slice(0, LONGEST_NAME),
    hashes,
    async (dir) => {
      note(`unpacking ${debs.map((deb) => basename(deb)).join(', ')}`)
      // Each package has a folder of its own, so that a link in one cannot misplace the files of another.
      const unpacked = debs.map((_, i) => join(dir, 'unpacked', String(i)))
      await mkdir(join(dir, 'unpacked'))
      const { image, deb } = await unpackAll(debs, unpacked, spec, signal)
      const { name } = await imageFacts(image, spec)
      await keepParts(unpacked, dir, name, wrong(spec))
      await writeFile(join(dir, 'deb.sha256'), hashes[debs.indexOf(deb)]!)
      await rm(join(dir, 'unpacked'), { recursive: true })
    },
  )
  const parts = partsOf(dir, (await imageFacts(join(dir, 'vmlinuz'), spec)).name)
  return {
    image: parts.image,
    config: existsSync(parts.config) ? parts.config : null,
    modules: existsSync(parts.modules) ? parts.modules : null,
    debSha256: await readFile(join(dir, 'deb.sha256'), 'utf8'),
  }
}

const wrong = (spec: string) => (what: string) => usage(`--kernel ${spec}: ${what}`)

/** Unpacks each package into its folder, and tells which one held the kernel. */
async function unpackAll(
  debs: string[],
  unpacked: string[],
  spec: string,
  signal: AbortSignal,
): Promise<{ image: string; deb: string }> {
  const found: { image: string; deb: string }[] = []
  for (const [i, deb] of debs.entries()) {
    const root = unpacked[i]!
    await unpackDeb(deb, root, wrong(spec), signal)
    // The image is in /boot up to 6.18, later beside the modules, with two paths where lib is a link to usr/lib.
    const paths = await glob(['boot/vmlinu[xz]-*', '{usr/,}lib/modules/*/vmlinuz'], { cwd: root, onlyFiles: false })
    const images = await Promise.all(paths.map((path) => insidePackage(root, path, wrong(spec))))
    found.push(...[...new Set(images)].map((image) => ({ image, deb })))
  }
  const kernels = found.map(({ deb }) => basename(deb))
  if (kernels.length > 1)
    throw usage(
      `--kernel ${spec}: holds several kernels: ${kernels.join(', ')}; expected one`,
      `--kernel ${quote(found[0]!.deb)}, or a directory with the packages of one`,
    )
  if (!found.length)
    throw usage(`--kernel ${spec}: ${await whyNone(debs, signal)}`, 'name a directory with all its packages')
  const content = await readForeign(found[0]!.image, MOST).catch((error) => {
    throw error instanceof Unfit ? wrong(spec)(`the image in ${kernels[0]} ${error.message}`) : error
  })
  if (!isKernel(content))
    throw usage(`--kernel ${spec}: the image in ${kernels[0]} ${describe(content)}; expected x86-64`)
  return found[0]!
}

/** Why packages hold no kernel; names the package that a metapackage stands for, as linux-image-* is one from 6.19 on. */
async function whyNone(debs: string[], signal: AbortSignal): Promise<string> {
  const depends = await Promise.all(
    debs.map(async (deb) => (await shell(signal)`${unprivileged()} dpkg-deb -f - Depends < ${deb}`).stdout.trim()),
  )
  const names = depends.flatMap((list) => list.split(/[,|]\s*/)).map((part) => part.split(' ')[0]!)
  const parts = names.filter((name) => /^linux-(image|binary)-/.test(name) && isPackageName(name))
  const none = debs.length > 1 ? 'none of its packages holds a kernel' : 'the package holds no kernel'
  return parts.length ? `${none}: the kernel is in ${parts[0]}` : none
}
