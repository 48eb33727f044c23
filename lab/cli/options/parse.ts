import * as v from 'valibot'
import { usage } from '../../model/fault.ts'
import { readAs } from '../../model/text/mistakes.ts'
import { plain } from '../../model/text/plain.ts'
import { type CommandLine, readFlags } from './flags.ts'
import { helpOf } from './help.ts'
import { type Option, variableOf } from './option.ts'
import { type Name, OPTIONS } from './table.ts'
import type { Values, Verb } from './verb.ts'

/** What a verb finds wrong with a command line that no option sees alone: before and after the options' own mistakes. */
export interface Further {
  before?: string[]
  after?: string[]
}

/** Finds what is wrong with a command line as a whole. */
export type Check = (line: CommandLine) => Further | Promise<Further>

/**
 * Reads the command line of a verb, and the environment where an option may be set there.
 *
 * @param check finds further mistakes; by default words are mistakes
 * @returns the options' values, the other words, and the names of the options that were typed, or the help text when `--help` is among the options
 * @throws a Fault (exit 2) with all mistakes, one a line, each with the option, the value found and what was expected
 */
export async function parse<const V extends Verb>(
  verb: V,
  argv: string[],
  check: Check = ({ words }) => ({ before: notOptions(words, verb) }),
  environment = process.env,
): Promise<{ values: Values<V>; words: string[]; typed: Name[] } | string> {
  // Words of the command line are printed again, in errors, notes and reports: the name of a stranger's file, say.
  const acting = argv.filter((word) => plain(word) !== word)
  if (acting.length) throw usage(acting.map((word) => `${plain(word)}: expected no control characters`).join('\n'))
  const line = readFlags(argv, verb.options, verb.lacks)
  // Whoever asks for help gets it, whatever else is wrong.
  if (line.typed.help) return helpOf(verb)
  const { before = [], after = [] } = await check(line)
  const set = fromEnvironment(verb.options, line.typed, environment)
  const mistakes = [...line.mistakes, ...before, ...set.mistakes]
  const named = (name: string) =>
    name in set.values ? variableOf(OPTIONS[name as Name]) : `--${OPTIONS[name as Name].flag}`
  const read = readAs(schemaOf(verb.options), { ...set.values, ...line.typed }, ([name]) => named(name!))
  const all = [...mistakes, ...(read.mistakes ?? []), ...after]
  if (all.length) throw usage(all.join('\n'), `${verb.command} --help`)
  return { values: read.output as Values<V>, words: line.words, typed: Object.keys(line.typed) as Name[] }
}

const notOptions = (words: string[], { options }: Verb) =>
  words.map((word) => `${word}: expected an option: ${options.map((name) => `--${OPTIONS[name].flag}`).join(', ')}`)

/** Options that were not typed, as the environment has them. An empty variable says nothing. */
function fromEnvironment(names: readonly Name[], typed: CommandLine['typed'], environment: NodeJS.ProcessEnv) {
  const values: Record<string, unknown> = {}
  const mistakes: string[] = []
  for (const name of names) {
    const option: Option = OPTIONS[name]
    const value = option.environment && environment[variableOf(option)]
    if (!value || name in typed) continue
    if (option.value) values[name] = value
    else if (/^[01]$/.test(value)) values[name] = value === '1'
    else mistakes.push(`${variableOf(option)} ${JSON.stringify(value)}: expected 1 or 0`)
  }
  return { values, mistakes }
}

const schemaOf = (names: readonly Name[]) =>
  v.object(Object.fromEntries(names.map((name) => [name, OPTIONS[name].schema as v.GenericSchema<unknown, unknown>])))
