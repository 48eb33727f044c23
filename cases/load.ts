import { existsSync, realpathSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { CaseFile, type LoadedCase } from '../lab/model/case.ts'
import { readAs } from '../lab/model/text/mistakes.ts'
import { globTest, meant } from '../lab/model/text/spelling.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** A case, and the file that it is in. */
interface Found {
  case: LoadedCase
  file: string
}

/** Files that are no cases, and names that no case has: a sentence each. */
export class NoCase extends Error {
  constructor(readonly mistakes: string[]) {
    super(mistakes.join('\n'))
  }
}

/** Its cases answer one question each, and run when they are named. */
const EXPERIMENTS = 'experiments'

/**
 * The lab's own cases: each file here, and in the folders of proxies, with a default export. Controls stand at the ends,
 * mitigations by name.
 *
 * @throws NoCase
 */
export const builtinCases = async (): Promise<LoadedCase[]> => (await builtin()).map((found) => found.case)

async function builtin(): Promise<Found[]> {
  const entries = await readdir(HERE, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== EXPERIMENTS)
  return casesIn([HERE, ...folders.map(({ name }) => join(HERE, name))])
}

async function casesIn(folders: string[]): Promise<Found[]> {
  const names = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).map((name) => join(folder, name))),
  )
  const files = names.flat().filter((file) => /\/[\w-]+\.ts$/.test(file))
  const modules = await Promise.all(files.map(imported))
  const { found, mistakes } = await attempted(files.filter((_, i) => modules[i]!.default !== undefined))
  const twice = found.filter(({ case: of }, i) => found.findIndex((other) => other.case.name === of.name) < i)
  mistakes.push(...twice.map(({ file, case: { name } }) => `${file}: another file beside it is named "${name}", too`))
  if (mistakes.length) throw new NoCase(mistakes)
  const rank = ({ control }: LoadedCase) => (control === 'positive' ? 0 : control === 'negative' ? 2 : 1)
  return found.sort((a, b) => rank(a.case) - rank(b.case) || a.case.name.localeCompare(b.case.name))
}

async function imported(file: string): Promise<{ default?: unknown }> {
  return import(pathToFileURL(resolve(file)).href).catch((error) => {
    const why = String((error as Error | undefined)?.message ?? error)
    throw new NoCase([`${file} cannot be loaded: ${why.replace(/\s*\n\s*/g, ' ')}`])
  })
}

/** Reads a user's case. @throws NoCase naming the file, the fields and what was expected there */
export async function loadCase(file: string): Promise<LoadedCase> {
  if (!existsSync(file)) throw new NoCase([`${file}: there is no such file`])
  if (!statSync(file).isFile()) throw new NoCase([`${file} is not a file`])
  const { default: value } = await imported(file)
  if (value === undefined)
    throw new NoCase([`${file} has no default export; a case is "export default { name: …, … }"`])
  const read = readAs(CaseFile, value)
  if (read.mistakes) throw new NoCase(read.mistakes.map((mistake) => `${file} is no case: ${mistake}`))
  return read.output
}

/** Loads files, each on its own: what could be loaded, and what is wrong with the others. */
async function attempted(files: string[]): Promise<{ found: Found[]; mistakes: string[] }> {
  const found: Found[] = []
  const mistakes: string[] = []
  for (const file of files) {
    try {
      found.push({ case: await loadCase(file), file })
    } catch (error) {
      if (!(error instanceof NoCase)) throw error
      mistakes.push(...error.mistakes)
    }
  }
  return { found, mistakes }
}

const isPath = (pattern: string) => /\/|\.[cm]?[jt]s$/.test(pattern)

/** The same file by whatever path. */
const same = (file: string) => (existsSync(file) ? realpathSync(file) : resolve(file))

const samePath = (path: string) => (found: Found) => same(found.file) === same(path)
const named = (pattern: string) => {
  const test = globTest(pattern)
  return (found: Found) => test(found.case.name)
}

/** What patterns stand for, and what is wrong with them. */
async function selected(patterns: string[]): Promise<{ cases: Found[]; mistakes: string[] }> {
  const [inEveryRun, experiments] = await Promise.all([builtin(), casesIn([join(HERE, EXPERIMENTS)])])
  const own = [...inEveryRun, ...experiments]
  const names = own.map((found) => found.case.name)
  const wanted = new Set<Found>()
  const paths = new Map<string, string>()
  const unknown: string[] = []
  for (const pattern of patterns.flatMap((list) => list.split(','))) {
    const meets = isPath(pattern) ? samePath(pattern) : named(pattern)
    const inLab = [inEveryRun, experiments].map((some) => some.filter(meets)).find((some) => some.length) ?? []
    for (const found of inLab) wanted.add(found)
    if (inLab.length) continue
    if (isPath(pattern)) paths.set(same(pattern), paths.get(same(pattern)) ?? pattern)
    else
      unknown.push(
        `--case ${pattern}: no such case${meant(pattern, names)}; choose from ${names.join(', ')}, or the path of your own`,
      )
  }
  const { found: theirs, mistakes } = await attempted([...paths.values()])
  const clashes = theirs.flatMap(({ file, case: { name } }, i) => {
    const other =
      own.find((found) => found.case.name === name) ?? theirs.slice(0, i).find((one) => one.case.name === name)
    if (!other) return []
    const whose = own.includes(other) ? 'a case of the lab is called so' : `so is the one in ${other.file}`
    return [
      `${file}: its name is "${name}", and ${whose}: each case needs a name of its own, by which its numbers are saved`,
    ]
  })
  return {
    cases: [...own.filter((found) => wanted.has(found)), ...theirs],
    mistakes: [...unknown, ...[...mistakes, ...clashes].map((mistake) => `--case ${mistake}`)],
  }
}

/**
 * The cases that patterns stand for: names, globs over the names, paths of a user's own; separated by commas or given
 * one by one; each case once; those of every run before experiments, in the order of {@link builtinCases}, a user's own behind them.
 *
 * @throws NoCase with all that is wrong
 */
export async function selectCases(patterns: string[]): Promise<LoadedCase[]> {
  const { cases, mistakes } = await selected(patterns)
  if (mistakes.length) throw new NoCase(mistakes)
  return cases.map((found) => found.case)
}

/** The absolute paths of the files that selected cases are in, by their names, which differ. */
export async function filesOfCases(patterns: string[]): Promise<Record<string, string>> {
  const { cases } = await selected(patterns)
  return Object.fromEntries(cases.map(({ case: { name }, file }) => [name, resolve(file)]))
}
