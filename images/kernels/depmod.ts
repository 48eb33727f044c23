import { existsSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { $, glob } from 'zx'
import { cached, fileStates } from '../cache/cache.ts'
import { readForeign } from '../cache/foreign.ts'
import { unprivileged } from '../cache/unprivileged.ts'
import { readModule } from './module.ts'
import { isModulePath } from './names.ts'

/** Characters of modules.builtin at most: a kernel with everything built in lists some 10,000. */
const MOST = 4 * 1024 * 1024

/**
 * Writes modules.dep for `<base>/lib/modules/<name>`. depmod itself writes nothing, and what it prints is checked: it
 * reads what strangers built.
 *
 * @param own whether the modules themselves lie below `base`: then root leaves depmod to nobody, who can read them
 */
export async function depmod(base: string, name: string, own: boolean): Promise<void> {
  // A user's PATH often leaves out the folders of an administrator's programs.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
  const modules = join(base, 'lib/modules', name)
  if (own) await $({ quiet: true })`chmod -R a+rX ${join(base, 'lib')}`
  // By the folder that it is in: the way there is closed to nobody.
  const command = [...(own ? unprivileged() : []), 'depmod', '-n', '-b', '/proc/self/cwd', name]
  const { stdout } = await $({ quiet: true, env, cwd: base })`${command}`
  const lines = stdout.split('\n').filter((line) => {
    const [module, needs] = line.split(':')
    return needs !== undefined && [module!, ...needs.split(' ').filter(Boolean)].every(isModulePath)
  })
  await writeFile(join(modules, 'modules.dep'), lines.map((line) => `${line}\n`).join(''))
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
  const list = await builtinList(builtin)
  const states = await fileStates(files.map(({ path }) => path))
  const base = await cached(
    'modules',
    name,
    [...states, ...files.map(({ place }) => place), list ?? ''],
    async (dir) => {
      const modules = join(dir, 'lib/modules', name)
      await mkdir(modules, { recursive: true })
      for (const file of files) await link(file, modules)
      if (list !== null) await writeFile(join(modules, 'modules.builtin'), list)
      await depmod(dir, name, false)
    },
  )
  return join(base, 'lib/modules', name)
}

/** The lines of modules.builtin that are modules; null where there is none that can be read. */
async function builtinList(path: string): Promise<string | null> {
  const text = await readForeign(path, MOST, dirname(path)).catch(() => null)
  return text?.toString().split('\n').filter(isModulePath).join('\n') ?? null
}

async function link({ path, place }: ModuleFile, modules: string) {
  const target = join(modules, place)
  await mkdir(dirname(target), { recursive: true })
  // Debian's depmod reads .xz and .zst, but not .gz.
  if (place.endsWith('.gz')) await writeFile(target.replace(/\.gz$/, ''), await readModule(path))
  else await symlink(path, target)
}

/** Where this host's own modules are. */
const HOST = ['/lib/modules', '/usr/lib/modules']

/**
 * A directory of installed modules with a modules.dep: the host's own where depmod was run, else one in the cache, which
 * names nothing but files that really lie there. Null where it holds no modules.
 *
 * @param dir .../lib/modules/NAME, an absolute path
 */
export async function installedModules(dir: string, name: string): Promise<string | null> {
  if (HOST.includes(dirname(dir)) && existsSync(join(dir, 'modules.dep'))) return dir
  if (!existsSync(dir)) return null
  const places = await glob('**/*.ko{,.gz,.xz,.zst}', { cwd: dir, followSymbolicLinks: false })
  const files = places.filter(isModulePath).sort()
  // All may be built in.
  if (!files.length && !existsSync(join(dir, 'modules.dep'))) return null
  return linkModules(
    name,
    files.map((place) => ({ path: join(dir, place), place })),
    join(dir, 'modules.builtin'),
  )
}
