import { parseArgs } from 'node:util'
import { usage } from '../model/fault.ts'
import { meant } from '../model/words.ts'

/** The options of a verb, as node's parseArgs describes them. */
export type Flags = Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>

/** What was given for each option; nothing where it was not. */
export type Values<F extends Flags> = {
  -readonly [K in keyof F]?: F[K]['type'] extends 'boolean'
    ? boolean
    : F[K] extends { multiple: true }
      ? string[]
      : string
}

/** A command line: options, the other words, and what is wrong with it, a sentence each. */
export interface CommandLine<F extends Flags> {
  values: Values<F>
  words: string[]
  mistakes: string[]
}

/** Reads a command line. A negative number is a value: `--maxaccept -1`. */
export function readFlags<const F extends Flags>(argv: string[], flags: F): CommandLine<F> {
  const manner = { strict: false, allowPositionals: true, tokens: true } as const
  const { values, tokens } = parseArgs({ args: argv, options: flags, ...manner })
  const mistakes = new Set<string>()
  const words: string[] = []
  /** Where a value of an option that there is not would stand. */
  let taken = -1
  for (const token of tokens) {
    if (token.kind === 'positional' && token.index !== taken) words.push(token.value)
    if (token.kind !== 'option') continue
    const { name, rawName, index, value, inlineValue = false } = token
    const flag = rawName.startsWith('--') ? flags[name] : undefined
    const wrong = flag ? wrongValue(flag, value, inlineValue) : noOption(argv[index]!, Object.keys(flags))
    if (!wrong) continue
    mistakes.add(flag ? `${rawName} ${wrong}` : wrong)
    if (flag) delete values[name]
    else if (!inlineValue) taken = index + 1
  }
  return { values: values as Values<F>, words, mistakes: [...mistakes] }
}

function wrongValue({ type }: Flags[string], value: string | undefined, inline: boolean): string | null {
  if (type === 'boolean') return value === undefined ? null : `takes no value, and ${JSON.stringify(value)} is given`
  return value === undefined || (!inline && /^-\D/.test(value)) ? 'is given without a value' : null
}

/** Options of a single dash there are none, so what follows it is taken as a whole. */
function noOption(typed: string, names: string[]): string {
  const name = typed.replace(/^-+/, '').replace(/=.*/s, '')
  const choices = meant(name, names, dashed) || `; there are ${all(names)}`
  return `${typed}: there is no such option${choices}`
}

const dashed = (name: string) => `--${name}`
const all = (names: string[]) => names.map(dashed).join(', ')

/**
 * The options of a verb that takes nothing else.
 *
 * @param verb the verb's file, whose --help is proposed
 * @throws a Fault (exit 2) with all that is wrong
 */
export function parseFlags<const F extends Flags>(argv: string[], flags: F, verb = 'lab/run.ts'): Values<F> {
  const { values, words, mistakes } = readFlags(argv, flags)
  // Who asks for help is helped, whatever else is wrong.
  if ((values as { help?: boolean }).help) return values
  refuse([...mistakes, ...words.map((word) => `${word}: expected an option: ${all(Object.keys(flags))}`)], verb)
  return values
}

/** @throws a Fault (exit 2) with all mistakes, if there are any, that proposes the help of a verb */
export function refuse(mistakes: string[], verb: string) {
  if (mistakes.length) throw usage(mistakes.join('\n'), `npx tsx ${verb} --help`)
}
