import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { CaseFile, type LoadedCase } from '../lab/model/case/case.ts'
import { actingMistakes, readAs } from '../lab/model/text/mistakes.ts'
import { globTest, meant } from '../lab/model/text/spelling.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** A file of the lab's own, and what the case in it is called, if it has one. */
interface OwnFile {
  name: string
  file: string
}

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

/** In its folders are cases that run when they are named. */
const VARIANTS = 'variants'
/** What is in this folder is no case. */
const EXPERIMENTS = 'experiments'

/** The lab's own files: those here and in the folders of proxies, and the variants. */
function ownFiles(): { everyRun: OwnFile[]; variants: OwnFile[] } {
  // A case is called as its file is, so that only the files that are asked for need be loaded.
  const filesIn = (folder: string, prefix = '') =>
    readdirSync(join(HERE, folder))
      .filter((file) => /^[\w-]+\.ts$/.test(file))
      .map((file) => ({ name: prefix + basename(file, '.ts'), file: join(HERE, folder, file) }))
  const foldersIn = (folder: string) =>
    readdirSync(join(HERE, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  const ofProxies = foldersIn('').filter((name) => name !== VARIANTS && name !== EXPERIMENTS)
  return {
    everyRun: [...filesIn(''), ...ofProxies.flatMap((proxy) => filesIn(proxy, `${proxy}-`))],
    variants: foldersIn(VARIANTS).flatMap((theme) => filesIn(join(VARIANTS, theme))),
  }
}

/**
 * The lab's own cases: each file here, and in the folders of proxies, with a default export. Controls stand at the ends,
 * mitigations by name.
 *
 * @throws NoCase
 */
export const builtinCases = async (): Promise<LoadedCase[]> =>
  (await casesIn(ownFiles().everyRun)).map((found) => found.case)

/**
 * The variants of the lab, in the same order. A run has one only if it is named, or if a glob stands for no case of
 * {@link builtinCases}.
 *
 * @throws NoCase
 */
export const variantCases = async (): Promise<LoadedCase[]> =>
  (await casesIn(ownFiles().variants)).map((found) => found.case)

/** Controls stand at the ends, mitigations by name. */
function byPlace(a: Found, b: Found): number {
  const rank = ({ control }: LoadedCase) => (control === 'positive' ? 0 : control === 'negative' ? 2 : 1)
  return rank(a.case) - rank(b.case) || a.case.name.localeCompare(b.case.name)
}

/** The cases in some of the lab's own files, in the order of {@link builtinCases}. */
async function casesIn(files: OwnFile[]): Promise<Found[]> {
  const modules = await Promise.all(files.map(({ file }) => imported(file)))
  const { found, mistakes } = await attempted(
    files.filter((_, i) => modules[i]!.default !== undefined).map(({ file }) => file),
  )
  for (const one of found) {
    const { name } = files.find(({ file }) => file === one.file)!
    if (one.case.name !== name)
      mistakes.push(`${one.file}: its name is "${one.case.name}"; expected "${name}", as the file is called`)
  }
  if (mistakes.length) throw new NoCase(mistakes)
  return found.sort(byPlace)
}

async function imported(file: string): Promise<{ default?: unknown }> {
  return import(pathToFileURL(resolve(file)).href).catch((error) => {
    const why = String((error as Error | undefined)?.message ?? error)
    throw new NoCase([`${file} cannot be loaded: ${why.replace(/\s*\n\s*/g, ' ')}`])
  })
}

/** Reads a user's case. @throws NoCase naming the file, the fields and what was expected there */
export async function loadCase(file: string): Promise<LoadedCase> {
  if (!existsSync(file)) throw new NoCase([`${file}: no such file`])
  if (!statSync(file).isFile()) throw new NoCase([`${file} is not a file`])
  const { default: value } = await imported(file)
  if (value === undefined)
    throw new NoCase([`${file} has no default export; a case is "export default { name: …, … }"`])
  const read = readAs(CaseFile, value)
  const mistakes = read.mistakes ?? actingMistakes(value)
  if (mistakes.length) throw new NoCase(mistakes.map((mistake) => `${file} is no case: ${mistake}`))
  return read.output!
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

/** Whether `--case` means a file, and not a name. */
export const isPath = (pattern: string) => /\/|\.[cm]?[jt]s$/.test(pattern)

/** The same file by whatever path. */
const same = (file: string) => (existsSync(file) ? realpathSync(file) : resolve(file))

const samePath = (path: string) => (own: OwnFile) => same(own.file) === same(path)
const named = (pattern: string) => {
  const test = globTest(pattern)
  return (own: OwnFile) => test(own.name)
}

/** What patterns stand for, and what is wrong with them. */
async function selected(patterns: string[]): Promise<{ cases: Found[]; mistakes: string[] }> {
  const { everyRun, variants } = ownFiles()
  const chosen = { usual: new Map<string, Found>(), variants: new Map<string, Found>() }
  const paths = new Map<string, string>()
  const unknown: string[] = []
  for (const pattern of patterns.flatMap((list) => list.split(','))) {
    const meets = isPath(pattern) ? samePath(pattern) : named(pattern)
    const usual = await casesIn(everyRun.filter(meets))
    const others = usual.length ? [] : await casesIn(variants.filter(meets))
    for (const found of usual) chosen.usual.set(found.file, found)
    for (const found of others) chosen.variants.set(found.file, found)
    if (usual.length || others.length) continue
    if (isPath(pattern)) paths.set(same(pattern), paths.get(same(pattern)) ?? pattern)
    else unknown.push(pattern)
  }
  const { found: theirs, mistakes } = await attempted([...paths.values()])
  const clashes: string[] = []
  for (const [i, one] of theirs.entries()) {
    const { file } = one
    const { name } = one.case
    const inLab = await casesIn([...everyRun, ...variants].filter((own) => own.name === name))
    const other = theirs.slice(0, i).find((earlier) => earlier.case.name === name)
    if (!inLab.length && !other) continue
    const whose = inLab.length ? 'a case of the lab is called so' : `so is the one in ${other!.file}`
    clashes.push(
      `${file}: its name is "${name}", and ${whose}: each case needs a name of its own, by which its numbers are saved`,
    )
  }
  const inOrder = [chosen.usual, chosen.variants].flatMap((found) => [...found.values()].sort(byPlace))
  return {
    cases: [...inOrder, ...theirs],
    mistakes: [...(await noSuchCase(unknown)), ...[...mistakes, ...clashes].map((mistake) => `--case ${mistake}`)],
  }
}

/** Says of patterns that they stand for no case, and which one may have been meant. There are too many to name them all. */
async function noSuchCase(patterns: string[]): Promise<string[]> {
  if (!patterns.length) return []
  const { everyRun, variants } = ownFiles()
  const names = [...(await casesIn(everyRun)), ...(await casesIn(variants))].map((found) => found.case.name)
  return patterns.map(
    (pattern) =>
      `--case ${pattern}: no such case${meant(pattern, names)}; expected one of npx tsx lab/list.ts cases, or a file of your own, such as ./my-case.ts`,
  )
}

/**
 * The cases that patterns stand for: names, globs over the names, paths of a user's own; separated by commas or given
 * one by one; each case once; those of every run before variants, in the order of {@link builtinCases}, a user's own behind them.
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
