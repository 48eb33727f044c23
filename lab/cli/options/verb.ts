import type { ValueOf } from './option.ts'
import type { GroupName, Name, OPTIONS } from './table.ts'

/** A command of the lab, as its help shows it. */
export interface Verb {
  /** How it is called: npx tsx lab/run.ts */
  command: string
  /** What it is for, in a sentence or two. */
  about: string
  /** What may follow the command, one line a way of calling it. */
  usage: string[]
  /** The words that it takes beside options, and what each means. */
  words?: Record<string, string>
  options: readonly Name[]
  /** Help of options, and titles of their groups, where they differ from what other verbs say. */
  says?: Partial<Record<Name, string>>
  titles?: Partial<Record<GroupName, string>>
  /** Options of other verbs that one may look for here, and what to do without them. */
  lacks?: Partial<Record<Name, string>>
  /** Whole command lines. */
  examples: string[]
  /** What else is to know: exit statuses, other commands. */
  notes: string
}

/** The options of a verb, read and checked. */
export type Values<V extends Verb> = { [N in V['options'][number]]: ValueOf<(typeof OPTIONS)[N]> }
