import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, symlink } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { $ } from 'zx'
import { type Note, type SourcePackage, sources, unpackSource } from './apt.ts'
import { cached, cacheRoot } from './cache.ts'
import { notReady } from './fault.ts'

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
    const work = join(dir, '.work')
    const tree = await unpackSource(source, work, note)
    await compile(source.package, recipe.build, { cwd: tree, headers: work })
    for (const [from, to] of Object.entries(recipe.keep)) {
      await mkdir(dirname(join(dir, to)), { recursive: true })
      await rename(join(tree, from), join(dir, to))
      await $({ quiet: true })`strip ${join(dir, to)}`
    }
    await $({ quiet: true })`rm -r ${work}`
  })
}

/**
 * Runs a shell script with $MUSL_GCC (compiles and links statically) and as many jobs of make as there are CPUs.
 * The output of the last one of a name is kept.
 *
 * @param headers a directory for the links that give musl the kernel's headers, which it does not have itself
 * @throws a Fault (exit 3) with the last lines of output
 */
export async function compile(name: string, script: string, { cwd, headers }: { cwd: string; headers: string }) {
  const include = await kernelHeaders(join(headers, 'include'))
  const log = join(cacheRoot(), 'programs', `${name}.log`)
  const env = {
    ...process.env,
    MUSL_GCC: `musl-gcc -static -idirafter ${include}`,
    MAKEFLAGS: `-j${availableParallelism()}`,
  }
  const shell = $({ quiet: true, nothrow: true, detached: false, cwd, env })
  const { exitCode } = await shell`sh -ex -c ${script} > ${log} 2>&1 < /dev/null`
  if (exitCode === 0) return
  const tail = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-15).join('\n')
  throw notReady(`${name} does not compile:\n${tail}`, `the whole output: ${log}`)
}

/** A directory with nothing but the kernel's headers: the C library's, beside them in /usr/include, are not musl's. */
async function kernelHeaders(dir: string): Promise<string> {
  const asm = ['/usr/include/x86_64-linux-gnu/asm', '/usr/include/asm'].find(existsSync)
  if (!asm) throw notReady("this host lacks Linux' headers: /usr/include/asm")
  await mkdir(dir, { recursive: true })
  await symlink('/usr/include/linux', join(dir, 'linux'))
  await symlink('/usr/include/asm-generic', join(dir, 'asm-generic'))
  await symlink(asm, join(dir, 'asm'))
  return dir
}
