import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { $, glob } from 'zx'
import { cached, fileStates } from '../cache/cache.ts'
import { decompress } from '../cache/decompress.ts'

/** Writes modules.dep for `<base>/lib/modules/<name>`. */
export async function depmod(base: string, name: string): Promise<void> {
  // A user's PATH often leaves out the folders of an administrator's programs.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
  await $({ quiet: true, env })`depmod -b ${base} ${name}`
}

/** A module's file, and its place below lib/modules/NAME: kernel/net/sched/sch_plug.ko. */
export interface ModuleFile {
  path: string
  place: string
}

/**
 * The cached directory .../lib/modules/NAME with links to modules elsewhere and a modules.dep. It is made anew when a
 * module changes; nothing is written beside the modules.
 *
 * @param name the kernel's, as `uname -r` prints it
 * @param builtin path of modules.builtin, which the kernel's build writes; Linux 2.6.32 has none
 */
export async function linkModules(name: string, files: ModuleFile[], builtin: string): Promise<string> {
  const lists = existsSync(builtin) ? [builtin] : []
  const states = await fileStates([...files.map(({ path }) => path), ...lists])
  const base = await cached('modules', name, [...states, ...files.map(({ place }) => place)], async (dir) => {
    const modules = join(dir, 'lib/modules', name)
    for (const file of files) await link(file, modules)
    if (lists.length) await writeFile(join(modules, 'modules.builtin'), await readFile(builtin))
    await depmod(dir, name)
  })
  return join(base, 'lib/modules', name)
}

async function link({ path, place }: ModuleFile, modules: string) {
  const target = join(modules, place)
  await mkdir(dirname(target), { recursive: true })
  // Debian's depmod reads .xz and .zst, but not .gz.
  if (place.endsWith('.gz')) await writeFile(target.replace(/\.gz$/, ''), await decompress(await readFile(path)))
  else await symlink(path, target)
}

/**
 * A directory of installed modules with a modules.dep: the directory itself where depmod was run, else one in the cache.
 * Null where it holds no modules.
 *
 * @param dir .../lib/modules/NAME, an absolute path
 */
export async function installedModules(dir: string, name: string): Promise<string | null> {
  if (existsSync(join(dir, 'modules.dep'))) return dir
  if (!existsSync(dir)) return null
  const places = await glob('**/*.ko{,.gz,.xz,.zst}', { cwd: dir, followSymbolicLinks: false })
  if (!places.length) return null
  const files = places.sort().map((place) => ({ path: join(dir, place), place }))
  return linkModules(name, files, join(dir, 'modules.builtin'))
}
