import { LOAD } from './groups/load.ts'
import { MEASURED } from './groups/measured.ts'
import { OUTPUT } from './groups/output.ts'
import { RUN } from './groups/run.ts'
import { SUPPLY } from './groups/supply.ts'
import type { Option, VerbName } from './option.ts'

/** The groups of options, in the order in which a help text has them. */
export const GROUPS = { measured: MEASURED, load: LOAD, run: RUN, supply: SUPPLY, output: OUTPUT }
export type GroupName = keyof typeof GROUPS

/** All options, once, by the names that their values have in the code. */
export const OPTIONS = {
  ...MEASURED.options,
  ...LOAD.options,
  ...RUN.options,
  ...SUPPLY.options,
  ...OUTPUT.options,
}
export type Name = keyof typeof OPTIONS

/** The names of the options that a verb takes. */
type NameOf<V extends VerbName> = { [N in Name]: V extends (typeof OPTIONS)[N]['verbs'][number] ? N : never }[Name]

/** The options that a verb takes, in the order of the table. */
export const optionsOf = <V extends VerbName>(verb: V) =>
  (Object.entries(OPTIONS) as [Name, Option][])
    .filter(([, { verbs }]) => verbs.includes(verb))
    .map(([name]) => name) as NameOf<V>[]
