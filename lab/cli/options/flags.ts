import { parseArgs } from 'node:util'
import { meant } from '../../model/text/spelling.ts'
import type { Option } from './option.ts'
import { type Name, OPTIONS } from './table.ts'
import type { Verb } from './verb.ts'

/** What was typed for an option: a text, several of them, or its bare name. */
export type Typed = string | string[] | true

/** A command line: what was typed for each option, the other words, and what is wrong with it, a sentence each. */
export interface CommandLine {
  typed: Partial<Record<Name, Typed>>
  words: string[]
  mistakes: string[]
}

/**
 * Reads a command line. A negative number is a value: `--maxaccept -1`.
 *
 * @param lacks what to do without options that are not among `names`
 */
export function readFlags(argv: string[], names: readonly Name[], lacks: Verb['lacks'] = {}): CommandLine {
  const byFlag = new Map<string, Name>(names.map((name) => [OPTIONS[name].flag, name]))
  const { tokens } = parseArgs({
    args: argv,
    options: described(names),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const typed: CommandLine['typed'] = {}
  const mistakes = new Set<string>()
  const words: string[] = []
  /** Where the value of an unknown option would stand. */
  let skipped = -1
  for (const token of tokens) {
    if (token.kind === 'positional' && token.index !== skipped) words.push(token.value)
    if (token.kind !== 'option') continue
    const { rawName, index, value, inlineValue = false } = token
    const name = rawName.startsWith('--') ? byFlag.get(token.name) : undefined
    if (!name) {
      mistakes.add(unknown(argv[index]!, [...byFlag.keys()], lacks))
      if (!inlineValue) skipped = index + 1
      continue
    }
    const option: Option = OPTIONS[name]
    const wrong = wrongValue(option, value, inlineValue)
    if (wrong) mistakes.add(`${rawName} ${wrong}`)
    else typed[name] = option.list ? [...((typed[name] as string[]) ?? []), ...partsOf(value!)] : (value ?? true)
  }
  for (const name of names) if (Array.isArray(typed[name])) typed[name] = [...new Set(typed[name] as string[])]
  return { typed, words, mistakes: [...mistakes] }
}

/** The options as node's parseArgs describes them. */
const described = (names: readonly Name[]) =>
  Object.fromEntries(
    names.map((name): [string, { type: 'string' | 'boolean'; multiple: boolean }] => {
      const { flag, value, list }: Option = OPTIONS[name]
      return [flag, { type: value ? 'string' : 'boolean', multiple: list ?? false }]
    }),
  )

/** The parts of a list between commas; a list with an empty part stays whole, so that it is shown as it was typed. */
function partsOf(list: string): string[] {
  const parts = list.split(',').map((part) => part.trim())
  return parts.every(Boolean) ? parts : [list]
}

function wrongValue(option: Option, value: string | undefined, inline: boolean): string | null {
  if (!option.value) return value === undefined ? null : `takes no value, and ${JSON.stringify(value)} is given`
  return value === undefined || (!inline && /^-\D/.test(value)) ? 'is given without a value' : null
}

/** There are no options with a single dash, so that what follows one is taken as a whole. */
function unknown(typed: string, flags: string[], lacks: NonNullable<Verb['lacks']>): string {
  const flag = typed.replace(/^-+/, '').replace(/=.*/s, '')
  const [, instead] = Object.entries(lacks).find(([name]) => OPTIONS[name as Name].flag === flag) ?? []
  if (instead) return `${typed}: no such option; ${instead}`
  const choices = meant(flag, flags, dashed) || `; choose from ${flags.map(dashed).join(', ')}`
  return `${typed}: no such option${choices}`
}

const dashed = (flag: string) => `--${flag}`
