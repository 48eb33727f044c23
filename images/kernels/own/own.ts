import { existsSync } from 'node:fs'
import { readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { glob, quote } from 'zx'
import { usage } from '../../../lab/model/fault.ts'
import type { Supply } from '../../../lab/model/supply.ts'
import type { Note } from '../../../lab/model/text/note.ts'
import { sha256 } from '../../cache/cache.ts'
import { readForeign, Unfit } from '../../cache/foreign.ts'
import { describe, is64Bit, isDeb, isKernel } from '../bzimage.ts'
import { builtAsModules, isConfig, versionOf } from '../config.ts'
import { installedModules } from '../depmod.ts'
import { type ImageFacts, imageFacts, type LocalKernel } from '../kernel.ts'
import { debsIn, unpackDebs } from './debs.ts'
import { extractedConfig } from './ikconfig.ts'
import { configuredFor, IMAGE, isTree, treeModules } from './tree.ts'

const EXPECTED =
  'expected a bzImage, a .deb, or a directory: with .debs, with a built kernel tree, or with an unpacked /boot and /lib/modules'

const wrong = (path: string, what: string, hint?: string) => usage(`--kernel ${path}: ${what}`, hint)

/**
 * A user's own kernel, with its modules and configuration as far as they are found: a bzImage; a .deb; a directory with
 * the .debs of one kernel; a built kernel tree or its build directory (O=); or a directory with an unpacked /boot and
 * /lib/modules. Nothing is written there: what has to be unpacked or indexed goes to the cache, anew when it changes.
 *
 * @param path the value of `--kernel`
 * @throws a Fault (exit 2) when there is no kernel for x86-64, or more than one
 */
export async function ownKernel(path: string, supply: Supply): Promise<LocalKernel> {
  const found = await stat(path).catch(() => null)
  if (!found) throw wrong(path, `no such file or directory; ${EXPECTED}`)
  const place = await realpath(path)
  if (found.isDirectory()) return inDirectory(place, path, supply)
  if (!found.isFile()) throw wrong(path, `is neither a file nor a directory; ${EXPECTED}`)
  const content = await read(place, path, dirname(place))
  if (isDeb(content)) return inDebs([place], path, supply)
  if (!isKernel(content)) throw wrong(path, `${describe(content)}; ${EXPECTED}`)
  return inFile(place, path, supply)
}

/** Bytes of an image or a package at most: a guest has less memory. */
const MOST = 1024 * 1024 * 1024

/**
 * Reads what may be an image or a package; some distributions let only root read /boot/vmlinuz-*.
 *
 * @param below the folder that no link may lead out of
 */
const read = (path: string, spec: string, below: string) =>
  readForeign(path, MOST, below).catch(async (error: Error & { code?: string }) => {
    if (error instanceof Unfit) {
      const real = await realpath(path).catch(() => path)
      throw wrong(spec, `${path} ${error.message}`, real === path ? undefined : `--kernel ${quote(real)}`)
    }
    if (error.code !== 'EACCES') throw error
    throw wrong(spec, `${path} may not be read by this user`, `sudo chmod a+r ${quote(path)}`)
  })

async function inDirectory(dir: string, spec: string, supply: Supply): Promise<LocalKernel> {
  if (isTree(dir)) return inTree(dir, spec, supply)
  const images = await imagesIn(dir, spec)
  if (images.length === 1) return inFile(images[0]!, spec, supply)
  if (images.length) {
    const names = images.map((image) => relative(dir, image)).join(', ')
    throw wrong(spec, `holds several kernels: ${names}; expected one`, `--kernel ${quote(images[0]!)}`)
  }
  const debs = await debsIn(dir)
  if (debs.length) return inDebs(debs, spec, supply)
  throw wrong(spec, `holds no kernel; ${EXPECTED}`)
}

/** The images in what was /, /boot or /lib/modules/VERSION; Fedora, and Debian from 6.19 on, use the last. */
const PLACES = ['{,boot/}{vmlinuz,bzImage}{,-*}', '{usr/,}lib/modules/*/vmlinuz']

/** The kernels in a directory, each once: /boot/vmlinuz is a link, a rescue kernel a copy. */
async function imagesIn(dir: string, spec: string): Promise<string[]> {
  const byContent = new Map<string, string>()
  const others: string[] = []
  for (const found of (await glob(PLACES, { cwd: dir, absolute: true, onlyFiles: false })).sort()) {
    const what = await stat(found).catch(() => null)
    if (!what || what.isDirectory()) continue
    const content = await read(found, spec, dir)
    const image = await realpath(found)
    if (isKernel(content)) byContent.set(sha256(content), image)
    else others.push(`its ${relative(dir, image)} ${describe(content)}`)
  }
  if (others.length && !byContent.size) throw wrong(spec, `${others.join('; ')}; ${EXPECTED}`)
  return [...byContent.values()].sort()
}

async function inTree(tree: string, spec: string, supply: Supply): Promise<LocalKernel> {
  const image = join(tree, IMAGE)
  if (!existsSync(image)) {
    const arch = await configuredFor(tree)
    if (arch && !/^(x86|x86_64|i386)$/.test(arch))
      throw wrong(spec, `is a kernel tree configured for ${arch}; expected x86-64`)
    throw wrong(
      spec,
      `is a kernel tree that is not built: it has no ${IMAGE}`,
      `make -C ${quote(tree)} bzImage modules, or name its build directory (O=)`,
    )
  }
  const content = await read(image, spec, tree)
  if (!isKernel(content)) throw wrong(spec, `its ${IMAGE} ${describe(content)}`)
  return inFile(image, spec, supply)
}

async function inDebs(debs: string[], spec: string, supply: Supply): Promise<LocalKernel> {
  const { image, config, modules, debSha256 } = await unpackDebs(debs, spec, supply)
  return localKernel(image, spec, debSha256, supply, async () => ({ modules, configs: config ? [config] : [] }))
}

/** An image, wherever it is: in a tree, installed or unpacked, with what lies around it. */
async function inFile(image: string, spec: string, supply: Supply): Promise<LocalKernel> {
  const tree = image.endsWith(`/${IMAGE}`) ? image.slice(0, -IMAGE.length - 1) : null
  return localKernel(image, spec, null, supply, async ({ name }) => ({
    modules: (tree && (await treeModules(tree, name, supply.note))) ?? (await firstModules(image, name)),
    configs: [...(tree ? [join(tree, '.config')] : []), ...configPlaces(image, name)],
  }))
}

/** The modules of an image, where packages and `make modules_install`, with and without INSTALL_MOD_PATH, put them. */
async function firstModules(image: string, name: string): Promise<string | null> {
  const dir = dirname(image)
  const roots = [dir, join(dir, '..'), '/'].flatMap((root) => [
    join(root, 'lib/modules'),
    join(root, 'usr/lib/modules'),
  ])
  const places = [...(basename(dir) === name ? [dir] : []), ...roots.map((root) => join(root, name))]
  for (const place of places) {
    const modules = await installedModules(place, name)
    if (modules) return modules
  }
  return null
}

/** Where packages, `make install` and people put the configuration of an image. */
function configPlaces(image: string, name: string): string[] {
  const dir = dirname(image)
  const modules = [dir, join(dir, '..')].flatMap((root) => [join(root, 'lib/modules'), join(root, 'usr/lib/modules')])
  return [
    join(dir, `config-${name}`),
    join(dir, 'config'),
    ...modules.map((root) => join(root, name, 'config')),
    // /boot, seen from usr/lib/modules/NAME and from lib/modules/NAME.
    ...(basename(dir) === name ? ['../../../../boot', '../../../boot'] : []).map((boot) =>
      join(dir, boot, `config-${name}`),
    ),
  ]
}

/** Bytes of a configuration at most; those of real kernels have some 300 KB. */
const MOST_CONFIG = 16 * 1024 * 1024

/**
 * The first place with a configuration that may be the image's. It is kept with the run, and a place may be a link to
 * anything that this user may read: only what is a configuration from end to end is one.
 */
async function firstConfig(places: string[], facts: ImageFacts, note: Note): Promise<string | null> {
  for (const path of places) {
    if (!(await stat(path).catch(() => null))?.isFile()) continue
    const text = await readForeign(path, MOST_CONFIG).then(String, (error: Error) => error)
    const why = typeof text === 'string' ? unlike(text, facts) : text instanceof Unfit ? `it ${text.message}` : UNREAD
    if (why === null) return path
    note(`${path} is not used: ${why}`)
  }
  return null
}

const UNREAD = 'it may not be read'

/** Why a text is not the configuration of an image; null where it may be. */
function unlike(text: string, facts: ImageFacts): string | null {
  if (!isConfig(text)) return 'it is no configuration of a kernel'
  const version = versionOf(text)
  return !version || agree(version, linuxOf(facts))
    ? null
    : `it is of Linux ${version}, and ${facts.name} is of another`
}

/** The version of Linux in an image, as far as it tells. Distributions' names have .0 for every patch level. */
function linuxOf({ name, version }: ImageFacts): string {
  const [known] = /^\d+(\.\d+)+/.exec(version ?? name)!
  return version ? known : known.replace(/^(\d+\.\d+)\.0$/, '$1')
}

/** Whether two versions are the same as far as the shorter one goes. */
function agree(one: string, other: string): boolean {
  const [short, long] = [one.split('.'), other.split('.')].sort((a, b) => a.length - b.length)
  return short!.every((part, i) => part === long![i])
}

async function localKernel(
  image: string,
  spec: string,
  debSha256: string | null,
  { note }: Supply,
  around: (facts: ImageFacts) => Promise<Pick<LocalKernel, 'modules'> & { configs: string[] }>,
): Promise<LocalKernel> {
  const content = await read(image, spec, dirname(image))
  // An image that cannot be unpacked here may still boot.
  if (!(await is64Bit(content).catch(() => true)))
    throw wrong(spec, 'is a kernel for 32-bit x86; expected x86-64: the programs of a guest are 64-bit')
  const facts = await imageFacts(image, spec)
  const { modules, configs } = await around(facts)
  const known =
    (await firstConfig(configs, facts, note)) ??
    (await extractedConfig({ ...facts, image }, note)) ??
    (await firstConfig([`/boot/config-${facts.name}`], facts, note))
  if (!modules) await noteMissing(facts.name, known, note)
  return { ...facts, origin: 'yours', debSha256, image, modules, config: known }
}

async function noteMissing(name: string, config: string | null, note: Note) {
  if (!config) {
    note(`${name} came without modules and configuration: if it has any, name the directory that holds all of them`)
    return
  }
  const wanted = builtAsModules(await readFile(config, 'utf8'))
  if (wanted.length)
    note(`${name} came without its modules (${wanted.join(', ')}): cases that need them will be skipped`)
}
