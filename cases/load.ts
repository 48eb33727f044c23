import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as v from 'valibot'
import { Case } from './case.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** A file that is no case, or a name that no case has. */
export class NoCase extends Error {}

/** The lab's own cases: each file here with a default export. Controls stand at the ends, mitigations by name. */
export async function builtinCases(): Promise<Case[]> {
  const files = (await readdir(HERE)).filter((name) => /^[\w-]+\.ts$/.test(name))
  const modules = await Promise.all(files.map((name) => import(pathToFileURL(join(HERE, name)).href)))
  const rank = ({ control }: Case) => (control === 'positive' ? 0 : control === 'negative' ? 2 : 1)
  return modules
    .flatMap((module) => (module.default ? [v.parse(Case, module.default)] : []))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
}

/** Reads a user's case. @throws NoCase naming the file, the field and what was expected there */
export async function loadCase(path: string): Promise<Case> {
  const file = resolve(path)
  if (!existsSync(file)) throw new NoCase(`${path}: there is no such file`)
  const module = await import(pathToFileURL(file).href).catch((error) => {
    throw new NoCase(`${path} cannot be loaded: ${error.message}`)
  })
  if (!module.default) throw new NoCase(`${path} has no default export; a case is "export default { name: …, … }"`)
  const read = v.safeParse(Case, module.default)
  if (read.success) return read.output
  const issue = read.issues[0]
  throw new NoCase(`${path} is no case: ${v.getDotPath(issue) ?? 'the default export'}: ${issue.message}`)
}

const isPath = (pattern: string) => /\/|\.[cm]?[jt]s$/.test(pattern)

/**
 * The cases that patterns stand for: names, globs over the names, paths of a user's own; separated by commas or given
 * one by one; each case once, in the order of {@link builtinCases}, a user's own behind them.
 *
 * @throws NoCase
 */
export async function selectCases(patterns: string[]): Promise<Case[]> {
  const builtin = await builtinCases()
  const wanted = new Set<Case>()
  const own: Case[] = []
  for (const pattern of patterns.flatMap((list) => list.split(','))) {
    if (isPath(pattern)) {
      own.push(await loadCase(pattern))
      continue
    }
    const glob = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
    const matching = builtin.filter(({ name }) => glob.test(name))
    const names = builtin.map(({ name }) => name).join(', ')
    if (!matching.length)
      throw new NoCase(`--case ${pattern}: no such case; choose from ${names}, or the path of your own`)
    for (const found of matching) wanted.add(found)
  }
  return [...builtin.filter((found) => wanted.has(found)), ...own]
}
