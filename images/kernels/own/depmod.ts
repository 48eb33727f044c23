import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { $, glob } from 'zx'
import { cached } from '../../cache/cache.ts'
import { decompress } from '../../cache/decompress.ts'
import { fileStates } from '../../rootfs/modules.ts'

/** Writes modules.dep for `<base>/lib/modules/<name>`. */
export async function depmod(base: string, name: string): Promise<void> {
  // It is an administrator's program, which a user's PATH often leaves out.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
  await $({ quiet: true, env })`depmod -b ${base} ${name}`
}

/** A module's file, and its place below lib/modules/NAME: kernel/net/sched/sch_plug.ko. */
export interface ModuleFile {
  path: string
  place: string
}

/**
 * The cached directory .../lib/modules/NAME with links to modules that lie elsewhere, and with their modules.dep. It is
 * made anew when one of them changes; where they lie, nothing is written.
 *
 * @param name of the kernel, as `uname -r` says it
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
 * A directory of installed modules with its modules.dep: itself when depmod was run there, else one in the cache.
 * Null when it holds no modules.
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
