import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, stat, symlink } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { cached, cacheFolder, outside, scratch } from '../cache/cache.ts'
import { shell } from '../cache/shell.ts'
import { NotFound } from './http.ts'
import { type Source, sourcesIn } from './sources.ts'

/**
 * How a Debian source package becomes static programs. They are linked against musl: glibc refuses to run on Linux
 * before 3.2, and a static program starts three times as fast under emulation.
 */
export interface Recipe {
  /**
   * Commands for `sh -ex` at the top of the source tree; they may use $MUSL_GCC, a compiler that links statically, and what
   * `parts` names.
   */
  build: string
  /** The programs, static libraries and folders to keep: their path in the tree → their path in the result. */
  keep: Record<string, string>
  /** What is built first, by the variable that then holds the path of its result: OPENSSL. */
  parts?: Record<string, Part>
}

/** A source package of the live mirror, and what is made of it. */
export interface Part {
  package: string
  suites: string[]
  recipe: Recipe
}

/** The newest version of a source package in some suites of the live mirror. */
export const newestSource = async (name: string, suites: string[], supply: Supply): Promise<Source> =>
  (await sourcesIn({ at: 'live', suites }, name, supply))[0]!

/**
 * Builds the newest of some versions, the newest first, whose source is there: a suite's index may list files that are
 * gone from its pool. Of each suite only the newest is tried.
 *
 * @returns the version that was taken, and the directory with its programs
 * @throws as {@link buildSource} does; a {@link NotFound} where none is there
 */
export async function buildNewest(
  sources: Source[],
  recipeFor: (version: string) => Recipe,
  supply: Supply,
): Promise<{ source: Source; dir: string }> {
  const [newest, ...older] = sources.filter(({ suite }, i) => sources.findIndex((one) => one.suite === suite) === i)
  try {
    return { source: newest!, dir: await buildSource(newest!, recipeFor(newest!.version), supply) }
  } catch (error) {
    // An older version may replace one that is missing, never one that is wrong.
    if (!(error instanceof NotFound && older.length)) throw error
    supply.note(`${error.message}; looking elsewhere`)
    return buildNewest(older, recipeFor, supply)
  }
}

/** The directory with what is made of a part, built first where the cache lacks it. @throws as {@link buildSource} does */
export const buildPart = async ({ package: name, suites, recipe }: Part, supply: Supply): Promise<string> =>
  buildSource(await newestSource(name, suites, supply), recipe, supply)

/**
 * The directory with the programs that a recipe makes of a source package, built first where the cache lacks it.
 *
 * @throws a Fault (exit 3) when the source cannot be fetched or does not compile
 */
export async function buildSource(source: Source, recipe: Recipe, supply: Supply): Promise<string> {
  const parts: Record<string, string> = {}
  // One after the other: each uses all CPUs.
  for (const [variable, part] of Object.entries(recipe.parts ?? {})) parts[variable] = await buildPart(part, supply)
  // Where a part lies says what it is made from.
  const key = [source.version, source.suite, JSON.stringify(recipe), ...Object.values(parts)]
  return cached('programs', source.package, key, async (dir) => {
    supply.note(`building ${source.package} ${source.version}`)
    await inBuildFolder(async (work) => {
      const tree = await source.unpack(work)
      await compile(source.package, recipe.build, tree, supply, parts)
      for (const [from, to] of Object.entries(recipe.keep)) {
        await mkdir(dirname(join(dir, to)), { recursive: true })
        await cp(join(tree, from), join(dir, to), { recursive: true })
        // Of a library all stays that is linked to.
        if (!(await stat(join(dir, to))).isDirectory())
          await shell(supply.signal)`strip --strip-unneeded ${join(dir, to)}`
      }
    })
  })
}

/** The paths in which make and configure can run. */
const PLAIN = /^[\w./+-]+$/

/** Runs `use` with an empty folder in which sources can be built: in the cache, or in TMPDIR where the cache's path is not plain. */
async function inBuildFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  return scratch('programs', async (folder) => {
    if (PLAIN.test(folder)) return use(folder)
    return outside(async (plain) => {
      if (PLAIN.test(plain)) return use(plain)
      throw notReady(
        `nothing can be built below ${tmpdir()}: expected a path of letters, digits and ._+-`,
        'TMPDIR=/tmp',
      )
    })
  })
}

/**
 * Runs a shell script with $MUSL_GCC, which compiles and links statically, and as many jobs of make as there are
 * CPUs. The output of the last script of a name is kept.
 *
 * @param variables more variables for the script, such as paths, which need quotes in it
 * @throws a Fault (exit 3) with the last lines of output
 */
export async function compile(
  name: string,
  script: string,
  cwd: string,
  { signal }: Pick<Supply, 'signal'>,
  variables: Record<string, string> = {},
) {
  const log = join(cacheFolder('programs'), `${name}.log`)
  const { exitCode } = await inBuildFolder(async (headers) => {
    await linkKernelHeaders(headers)
    const MUSL_GCC = `musl-gcc -static -idirafter ${headers}`
    const env = { ...process.env, ...variables, MUSL_GCC, MAKEFLAGS: `-j${availableParallelism()}` }
    return shell(signal, { nothrow: true, cwd, env })`sh -ex -c ${script} > ${log} 2>&1 < /dev/null`
  })
  if (exitCode === 0) return
  const tail = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-15).join('\n')
  throw notReady(`${name} does not compile:\n${tail}`, `the whole output: ${log}`)
}

/** Links the kernel's headers into a directory of their own: musl has none, and those beside them belong to another libc. */
async function linkKernelHeaders(dir: string) {
  const asm = ['/usr/include/x86_64-linux-gnu/asm', '/usr/include/asm'].find(existsSync)
  if (!asm) throw notReady("this host lacks Linux' headers: /usr/include/asm")
  for (const target of ['/usr/include/linux', '/usr/include/asm-generic', asm])
    await symlink(target, join(dir, basename(target)))
}
