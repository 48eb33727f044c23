import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { $ } from 'zx'
import { notReady } from '../../lab/model/fault.ts'
import type { Note } from '../../lab/model/note.ts'
import { cached, cacheFolder, scratch } from '../cache/cache.ts'
import { type SourcePackage, sources, unpackSource } from './apt.ts'

/**
 * How a Debian source package becomes static programs. Linked against musl: glibc refuses to run on Linux before
 * 3.2, and a static program starts three times as fast under emulation.
 */
export interface Recipe {
  /** Commands for `sh -ex` at the top of the source tree; they may use $MUSL_GCC, a compiler that links statically. */
  build: string
  /** The programs to keep: from their place in the tree to their place in the result. */
  keep: Record<string, string>
}

/** The newest version of a source package in some suites. */
export async function newestSource(name: string, suites: string[], note: Note): Promise<SourcePackage> {
  const [newest] = await sources(suites, name, note)
  if (!newest) throw notReady(`there is no source package ${name} in ${suites.join(' or ')}`)
  return newest
}

/** Builds a source package, unless that was done before, and returns the directory with what its recipe keeps. */
export function buildSource(source: SourcePackage, recipe: Recipe, note: Note): Promise<string> {
  const key = [source.version, source.suite, JSON.stringify(recipe)]
  return cached('programs', source.package, key, async (dir) => {
    note(`building ${source.package} ${source.version}`)
    await workshop(async (work) => {
      const tree = await unpackSource(source, work, note)
      await compile(source.package, recipe.build, tree)
      for (const [from, to] of Object.entries(recipe.keep)) {
        await mkdir(dirname(join(dir, to)), { recursive: true })
        await copyFile(join(tree, from), join(dir, to))
        await $({ quiet: true })`strip ${join(dir, to)}`
      }
    })
  })
}

/** What make and configure can bear in the path that they run in. */
const PLAIN = /^[\w./+-]+$/

/** Runs `use` with an empty folder that sources can be built in: in the cache, or where its path is not plain, beside. */
async function workshop<T>(use: (folder: string) => Promise<T>): Promise<T> {
  return scratch('programs', async (folder) => {
    if (PLAIN.test(folder)) return use(folder)
    const plain = await mkdtemp(join(tmpdir(), 'hitless-'))
    try {
      if (PLAIN.test(plain)) return await use(plain)
      throw notReady(
        `nothing can be built below ${tmpdir()}: expected a path of letters, digits and ._+-`,
        'TMPDIR=/tmp',
      )
    } finally {
      await rm(plain, { recursive: true, force: true })
    }
  })
}

/**
 * Runs a shell script with $MUSL_GCC, which compiles and links statically, and as many jobs of make as there are
 * CPUs. The output of the last one of a name is kept.
 *
 * @param more variables for the script, such as paths, which need quotes in it
 * @throws a Fault (exit 3) with the last lines of output
 */
export async function compile(name: string, script: string, cwd: string, more: Record<string, string> = {}) {
  const log = join(cacheFolder('programs'), `${name}.log`)
  const { exitCode } = await workshop(async (headers) => {
    await linkKernelHeaders(headers)
    const MUSL_GCC = `musl-gcc -static -idirafter ${headers}`
    const env = { ...process.env, ...more, MUSL_GCC, MAKEFLAGS: `-j${availableParallelism()}` }
    return $({ quiet: true, nothrow: true, detached: false, cwd, env })`sh -ex -c ${script} > ${log} 2>&1 < /dev/null`
  })
  if (exitCode === 0) return
  const tail = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-15).join('\n')
  throw notReady(`${name} does not compile:\n${tail}`, `the whole output: ${log}`)
}

/** Links the kernel's headers into a directory of their own: musl has none, and beside them are another libc's. */
async function linkKernelHeaders(dir: string) {
  const asm = ['/usr/include/x86_64-linux-gnu/asm', '/usr/include/asm'].find(existsSync)
  if (!asm) throw notReady("this host lacks Linux' headers: /usr/include/asm")
  for (const target of ['/usr/include/linux', '/usr/include/asm-generic', asm])
    await symlink(target, join(dir, basename(target)))
}
