import { existsSync, realpathSync, statSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join, normalize, relative } from 'node:path'
import { glob } from 'zx'
import { usage } from '../../../lab/model/fault.ts'
import type { Note } from '../../../lab/model/text/note.ts'
import { staysBelow } from '../../cache/folders.ts'
import { readForeign } from '../../cache/foreign.ts'
import { linkModules, type ModuleFile } from '../depmod.ts'
import { isModulePath } from '../names.ts'

/** The image in a built tree of Linux for x86. */
export const IMAGE = 'arch/x86/boot/bzImage'

/** Bytes of a list or a configuration at most; those of real kernels have some 300 KB. */
const MOST = 16 * 1024 * 1024

/** The text of a file in a tree; empty where there is none that can be read. */
const text = (path: string, tree: string) => readForeign(path, MOST, tree).then(String, () => '')

/** Whether a directory is a kernel's source tree or its build directory (O=), built or not. */
export const isTree = (dir: string) =>
  existsSync(join(dir, IMAGE)) ||
  (existsSync(join(dir, 'Makefile')) && [join(dir, 'Kbuild'), join(dir, '.config')].some((path) => existsSync(path)))

/** The architecture that a tree is configured for (x86, arm64), by the header of its configuration; else null. */
export async function configuredFor(tree: string): Promise<string | null> {
  const config = join(tree, '.config')
  if (!existsSync(config)) return null
  // Before 2.6.39 the header does not name it.
  return /^# Linux\/(\w+) /m.exec((await text(config, tree)).slice(0, 1000))?.[1] ?? null
}

/**
 * A cached directory with links to the modules of a built tree and a modules.dep: nothing is installed, and nothing is
 * written into the tree. Null where no module is built.
 *
 * @param name the kernel's, as `uname -r` prints it
 */
export async function treeModules(tree: string, name: string, note: Note): Promise<string | null> {
  const files = await builtModules(tree)
  const built = files.filter(({ path }) => existsSync(path))
  const root = await realpath(tree)
  for (const { path } of built) requireInside(root, path)
  if (built.length < files.length)
    note(`${tree}: ${files.length - built.length} of ${files.length} modules are not built; make modules builds them`)
  return built.length ? linkModules(name, built, join(tree, 'modules.builtin')) : null
}

/** @throws a Fault (exit 2) where a module is a link that leads out of its tree, or no file */
function requireInside(tree: string, path: string) {
  const real = realpathSync.native(path)
  const what = !staysBelow(relative(tree, real))
    ? 'is a link that leads out of the tree'
    : !statSync(real).isFile() && 'is no regular file'
  if (what) throw usage(`${path} ${what}; expected a module in it`)
}

/**
 * The modules that a build makes, by modules.order. It names them by their installed path up to 5.x
 * (kernel/net/sched/sch_plug.ko), then without kernel/, and from 6.3 on as objects (net/sched/sch_plug.o). Up to 4.x
 * names may repeat.
 */
async function builtModules(tree: string): Promise<ModuleFile[]> {
  return [...new Set(await orderOf(tree))].map((line) => {
    const plain = normalize(line.replace(/\.o$/, '.ko'))
    const short = plain.replace(/^kernel\//, '')
    if (!isModulePath(plain))
      throw usage(
        `${join(tree, 'modules.order')} names ${line}, which is outside the tree, or no module; expected modules in it`,
      )
    // A tree also has a directory kernel/.
    const file = existsSync(join(tree, short)) ? short : plain
    return { path: join(tree, file), place: join('kernel', file) }
  })
}

/** The lines of modules.order. While a tree is built again that file is empty, and those of its directories count. */
async function orderOf(tree: string): Promise<string[]> {
  const lists = [['modules.order'], (await glob('*/modules.order', { cwd: tree })).sort()]
  for (const list of lists) {
    const texts = await Promise.all(list.map((path) => text(join(tree, path), tree)))
    const lines = texts.flatMap((text) => text.split('\n').filter(Boolean))
    if (lines.length) return lines
  }
  return []
}
