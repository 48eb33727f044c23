import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { glob } from 'zx'
import { usage } from '../../../lab/model/fault.ts'
import type { Note } from '../../../lab/model/note.ts'
import { staysBelow } from '../../cache/folders.ts'
import { linkModules, type ModuleFile } from './depmod.ts'

/** Where a build of Linux for x86 puts its image. */
export const IMAGE = 'arch/x86/boot/bzImage'

/** Whether a directory is a kernel's source tree, or the directory that one was built in (O=), whether built or not. */
export const isTree = (dir: string) =>
  existsSync(join(dir, IMAGE)) ||
  (existsSync(join(dir, 'Makefile')) && [join(dir, 'Kbuild'), join(dir, '.config')].some((path) => existsSync(path)))

/** The architecture that a tree is configured for (x86, arm64), by the header of its configuration; else null. */
export async function configuredFor(tree: string): Promise<string | null> {
  const config = join(tree, '.config')
  if (!existsSync(config)) return null
  // Before 2.6.39 the header does not tell.
  return /^# Linux\/(\w+) /m.exec((await readFile(config, 'utf8')).slice(0, 1000))?.[1] ?? null
}

/**
 * The modules of a built tree, with their modules.dep, linked from the cache: nothing is installed, nothing written
 * into the tree. Null when none is built.
 *
 * @param name of the kernel, as `uname -r` says it
 */
export async function treeModules(tree: string, name: string, note: Note): Promise<string | null> {
  const files = await builtModules(tree)
  const built = files.filter(({ path }) => existsSync(path))
  if (built.length < files.length)
    note(`${tree}: ${files.length - built.length} of ${files.length} modules are not built; make modules builds them`)
  return built.length ? linkModules(name, built, join(tree, 'modules.builtin')) : null
}

/**
 * modules.order names the modules that a build makes: up to 5.x as kernel/net/sched/sch_plug.ko, by their place when
 * installed; later without kernel/; from 6.3 on as objects, net/sched/sch_plug.o. Up to 4.x names may repeat.
 */
async function builtModules(tree: string): Promise<ModuleFile[]> {
  return [...new Set(await orderOf(tree))].map((line) => {
    const plain = normalize(line.replace(/\.o$/, '.ko'))
    const short = plain.replace(/^kernel\//, '')
    if (!staysBelow(plain)) throw usage(`${join(tree, 'modules.order')} names ${line}, which is outside of the tree`)
    // A tree has a directory kernel/ of its own, too.
    const file = existsSync(join(tree, short)) ? short : plain
    return { path: join(tree, file), place: join('kernel', file) }
  })
}

/** A tree that is being built again has an empty list for a while; it is put together from those of its directories. */
async function orderOf(tree: string): Promise<string[]> {
  const lists = [['modules.order'], (await glob('*/modules.order', { cwd: tree })).sort()]
  for (const list of lists) {
    const texts = await Promise.all(list.map((path) => readFile(join(tree, path), 'utf8').catch(() => '')))
    const lines = texts.flatMap((text) => text.split('\n').filter(Boolean))
    if (lines.length) return lines
  }
  return []
}
