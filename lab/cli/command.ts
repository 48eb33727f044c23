import { EXIT } from '../model/fault.ts'
import { main } from './main.ts'
import { type Check, parse } from './options/parse.ts'
import type { Values, Verb } from './options/verb.ts'

/** A command line that was read: the options' values, the other words, and all of it as it was typed. */
export interface Invocation<V extends Verb> {
  values: Values<V>
  words: string[]
  argv: string[]
  signal: AbortSignal
}

/**
 * Runs a verb: reads its command line, prints its help where that is asked for, and else does its work, as
 * {@link main} does.
 *
 * @param work returns the exit status
 * @param check finds mistakes that no option sees alone; by default words are mistakes
 */
export const command = <const V extends Verb>(
  verb: V,
  work: (invocation: Invocation<V>) => Promise<number>,
  check?: Check,
): Promise<void> =>
  main(async (argv, signal) => {
    const parsed = await parse(verb, argv, check)
    if (typeof parsed !== 'string') return work({ ...parsed, argv, signal })
    process.stdout.write(parsed)
    return EXIT.expected
  })
