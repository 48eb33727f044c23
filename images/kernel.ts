import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import * as v from 'valibot'
import { $, glob } from 'zx'
import { type BinaryPackage, binaries, download, type Note } from './apt.ts'
import { describe, extractVmlinux, hasPvhEntry, isKernel, kernelVersion } from './bzimage.ts'
import { cached, cacheRoot, fileSha256, scratch } from './cache.ts'
import { Fault, notReady, usage } from './fault.ts'
import { findSeries, isPath, kernelChoices, LIVE, type OldSeries, seriesOfVersion } from './kernels.ts'

const run = $({ quiet: true })
const DAY = 24 * 3600 * 1000

const Resolved = v.object({
  /** As `uname -r` will say it: 6.1.0-56-cloud-amd64. */
  name: v.string(),
  /** 6.1 */
  series: v.string(),
  /** Debian's version of the package (6.1.192-2); null for a kernel that is not Debian's. */
  version: v.nullable(v.string()),
  /** SHA-256 of the bzImage. */
  sha256: v.string(),
  /** SHA-256 of the package that the bzImage came in; null for a kernel given by its path. */
  debSha256: v.nullable(v.string()),
  /** Path of the bzImage. */
  image: v.string(),
  /** …/lib/modules/NAME with its modules.dep, or null. */
  modules: v.nullable(v.string()),
  /** Path of the configuration that it was built with, or null. */
  config: v.nullable(v.string()),
})

type Resolved = v.InferOutput<typeof Resolved>

/** A kernel that is there, ready to boot. */
export interface Kernel extends Resolved {
  /** Path of the uncompressed kernel (ELF) when QEMU can enter it directly, else null. */
  vmlinux: string | null
}

/**
 * Obtains a kernel: of a series, the newest that the live Debian mirror has (looked up at most once a day); of an
 * exact version, that one; or the bzImage at a path.
 *
 * @param spec one of what {@link matchKernels} returns, without `host`
 * @throws a Fault: exit 2 when there is no such kernel, exit 3 when it cannot be fetched
 */
export async function obtainKernel(spec: string, { note }: { note: Note }): Promise<Kernel> {
  const resolved = await (isPath(spec) ? kernelAt(spec) : newestKernel(spec, note))
  return { ...resolved, vmlinux: await directEntry(resolved, note) }
}

/** What a record of the cache says, when it is of today; else what the mirror has; else the old record after all. */
async function newestKernel(spec: string, note: Note): Promise<Resolved> {
  const path = join(cacheRoot(), 'kernels', `${spec}.json`)
  const record = await readRecord(path)
  if (record && Date.now() - (await stat(path)).mtimeMs < DAY) return record
  try {
    const kernel = await fetchKernel(spec, note)
    await scratch('kernels', async (dir) => {
      await writeFile(join(dir, 'record'), `${JSON.stringify(kernel, null, 2)}\n`)
      await rename(join(dir, 'record'), path)
    })
    return kernel
  } catch (error) {
    if (!(record && error instanceof Fault)) throw error
    note(`${error.message}; using ${record.name}, fetched before`)
    return record
  }
}

async function readRecord(path: string): Promise<Resolved | null> {
  if (!existsSync(path)) return null
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), Resolved), await readFile(path, 'utf8'))
  return success && existsSync(output.image) ? output : null
}

async function fetchKernel(spec: string, note: Note): Promise<Resolved> {
  const series = findSeries(spec)
  const sought = series ? [series] : seriesOfVersion(spec)
  for (const kernel of sought) if (kernel.origin !== 'live') throw await notFetched(spec, kernel)
  const suites = LIVE.filter((kernel) => sought.includes(kernel)).flatMap((kernel) => kernel.suites)
  const images = await binaries(suites, /^linux-image-\d+\.\d+\.\d\S*-amd64$/, note)
  const matching = images.filter(series?.origin === 'live' ? startsWith(series.prefix) : isVersion(spec))
  // The newest of each suite: what a suite's index still lists may be gone from its pool.
  const candidates = matching.filter((image, i) => matching.findIndex(({ suite }) => suite === image.suite) === i)
  let failure = missing(spec, suites)
  for (const candidate of candidates) {
    try {
      return await fetchImage(candidate, note)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      failure = error
    }
  }
  throw failure
}

/** A version that Debian had once may be gone; of 9.9 there is no telling that it ever was. */
function missing(spec: string, suites: string[]): Fault {
  if (/^[\d.]+$/.test(spec)) return usage(`--kernel ${spec}: no such kernel; choose from ${kernelChoices()}`)
  return notReady(`kernel ${spec} is not in ${suites.join(', ')} any more; run instead: --kernel ${runnable()}`)
}

const CLOUD = '-cloud-amd64'
const releaseOf = (image: BinaryPackage) => image.package.replace('linux-image-', '')

/** The flavour for clouds is a quarter of the size, and has all that a guest with a serial port needs. */
const startsWith = (prefix: string) => (image: BinaryPackage) =>
  releaseOf(image).startsWith(prefix) && releaseOf(image).endsWith(CLOUD)

/** Matches 6.1.0-56-cloud-amd64, and what stands for it: 6.1.0-56, 6.1.192-2 (Debian's version), 6.1.192. */
const isVersion = (version: string) => (image: BinaryPackage) =>
  [version, version + CLOUD].includes(releaseOf(image)) ||
  (releaseOf(image).endsWith(CLOUD) && new RegExp(`^${version.replace(/[.+]/g, '\\$&')}([.-]|$)`).test(image.version))

const runnable = () => `${LIVE.map(({ series }) => series).join(', ')}, host, or --kernel PATH-TO-BZIMAGE`

/** Why a series of the archives cannot be had, found out by asking for its Release file. */
async function notFetched(spec: string, { release }: OldSeries): Promise<Fault> {
  const reachable = await fetch(release, { method: 'HEAD', signal: AbortSignal.timeout(3000) }).then(
    (response) => response.ok,
    () => false,
  )
  const why = reachable ? 'which this version of the lab does not fetch from yet' : 'which cannot be reached from here'
  return notReady(`kernel ${spec} comes from ${new URL(release).host}, ${why}; run instead: --kernel ${runnable()}`)
}

/** Downloads an image package, or what it is split into from 6.19 on, and keeps what a guest needs of it. */
async function fetchImage(image: BinaryPackage, note: Note): Promise<Resolved> {
  const name = releaseOf(image)
  const parts = ['binary', 'modules', 'base'].map((part) => binaries([image.suite], `linux-${part}-${name}`, note))
  const split = (await Promise.all(parts)).flat().filter(({ version }) => version === image.version)
  if (split.length % parts.length) throw notReady(`${image.suite} has ${name} in parts only`)
  const packages = split.length ? split : [image]
  const hashes = packages.map((part) => part.sha256)
  const dir = await cached('kernels', name, hashes, async (dir) => {
    note(`fetching Linux ${name} (${image.version}, ${image.suite})`)
    const unpacked = join(dir, 'unpacked')
    for (const part of packages) await run`dpkg-deb -x ${await download(part, join(dir, 'packages'), note)} ${unpacked}`
    await keep(unpacked, dir, name)
    for (const done of ['unpacked', 'packages']) await rm(join(dir, done), { recursive: true })
  })
  const files = { image: join(dir, 'vmlinuz'), config: join(dir, 'config'), modules: join(dir, 'lib/modules', name) }
  return { ...(await examine(files.image)), ...files, version: image.version, debSha256: hashes[0]! }
}

/** The modules that a guest without devices may need, and what depmod reads beside them. */
const KEPT = [
  'modules.{builtin,builtin.modinfo,order}',
  'kernel/{arch,crypto,lib,net}/**',
  'kernel/drivers/net/{dummy,ifb,veth}.ko*',
  'kernel/drivers/{char,virtio}/virtio*',
]

/** Moves what a guest needs out of the unpacked packages; its place there differs with the series. */
async function keep(unpacked: string, dir: string, name: string) {
  const find = (pattern: string | string[], cwd = unpacked) => glob(pattern, { cwd })
  const move = async (from: string, to: string) => {
    await mkdir(dirname(to), { recursive: true })
    await rename(from, to)
  }
  const [image] = await find(['boot/vmlinuz-*', 'usr/lib/modules/*/vmlinuz'])
  const [config] = await find(['boot/config-*', 'usr/lib/modules/*/config'])
  await move(join(unpacked, image!), join(dir, 'vmlinuz'))
  await move(join(unpacked, config!), join(dir, 'config'))
  const usr = existsSync(join(unpacked, 'usr/lib/modules')) ? 'usr/lib/modules' : 'lib/modules'
  const from = join(unpacked, usr, name)
  for (const path of await find(KEPT, from)) await move(join(from, path), join(dir, 'lib/modules', name, path))
  await run({ env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` } })`depmod -b ${dir} ${name}`
}

/** What the image itself tells. */
async function examine(image: string) {
  const banner = kernelVersion(await readFile(image))
  const name = banner.split(' ')[0]!
  return {
    name,
    // Up to 2.6 a series has three numbers.
    series: /^(2\.6\.\d+|\d+\.\d+)/.exec(name)?.[0] ?? name,
    version: /Debian (\S+)/.exec(banner)?.[1] ?? null,
    sha256: await fileSha256(image),
  }
}

/** The uncompressed kernel, where QEMU can enter it directly: that saves each guest the unpacking. */
async function directEntry({ name, sha256, image }: Resolved, note: Note): Promise<string | null> {
  try {
    const dir = await cached('vmlinux', name, [sha256], async (dir) => {
      const vmlinux = await extractVmlinux(await readFile(image))
      if (hasPvhEntry(vmlinux)) await writeFile(join(dir, 'vmlinux'), vmlinux)
    })
    const path = join(dir, 'vmlinux')
    return existsSync(path) ? path : null
  } catch (error) {
    // Whatever the reason, the guest can still unpack the image by itself.
    const { message, hint } = error as Partial<Fault>
    note(`${name} will boot more slowly: ${message}${hint ? ` (${hint})` : ''}`)
    return null
  }
}

async function kernelAt(path: string): Promise<Resolved> {
  const wrong = (what: string) => usage(`--kernel ${path}: ${what}; expected a bzImage, such as arch/x86/boot/bzImage`)
  const found = await stat(path).catch(() => null)
  if (!found) throw wrong('no such file')
  if (!found.isFile()) throw wrong(found.isDirectory() ? 'is a directory' : 'is not a regular file')
  const content = await readFile(path)
  if (!isKernel(content)) throw wrong(describe(content))
  const image = resolve(path)
  const facts = await examine(image)
  // Where Debian's packages and `make modules_install`, with and without INSTALL_MOD_PATH, put them.
  const [boot, modules] = [dirname(image), `lib/modules/${facts.name}`]
  const places = [join(boot, modules), join(boot, '..', modules), join('/', modules)]
  const configs = [join(boot, `config-${facts.name}`), join(boot, 'config')]
  return {
    ...facts,
    debSha256: null,
    image,
    modules: places.find((place) => existsSync(join(place, 'modules.dep'))) ?? null,
    config: configs.find((config) => existsSync(config)) ?? null,
  }
}
