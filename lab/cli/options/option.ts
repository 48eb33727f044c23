import * as v from 'valibot'

/** The verbs that take options: lab/run.ts is run. */
export const EVERY_VERB = ['run', 'shell', 'compare', 'list', 'verify', 'doctor', 'bench', 'test', 'worker'] as const
export type VerbName = (typeof EVERY_VERB)[number]

/** An option of the command line, as data. */
export interface Option {
  /** Its name on the command line, without the dashes. */
  flag: string
  /** What stands for its value in the help: N, URI; a switch has none. */
  value?: string
  /** Whether it may be repeated, and takes lists between commas. */
  list?: true
  /** What the text of the command line becomes; a default is part of it. */
  schema: v.GenericSchema<unknown, unknown>
  /** What the help shows as the default where the schema's own would not tell a reader. */
  unset?: string
  /** One sentence or two. Bounds and default are added from the schema. */
  help: string
  /** The verbs that take it. */
  verbs: readonly VerbName[]
  /** Whether an experiment says it itself, or has no use for it. */
  notBesideExperiment?: true
  /** Whether an environment variable may say the same: HITLESS_MIRROR for --mirror. */
  environment?: true
}

/** Options that a help text lists together, under a title, by the names that their values have in the code. */
export interface Group {
  /** What is said of all of them. */
  title: string
  options: Record<string, Option>
}

/** The number that a text writes; what writes none becomes NaN, which no schema of a number takes. */
const written = (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN)

/** A number, as text. */
export const number = <T>(schema: v.GenericSchema<number, T>) => v.pipe(v.string(), v.transform(written), schema)

/** How many seconds each unit of a frequency has. */
const SECONDS: Record<string, number> = { s: 1, min: 60, h: 3600, day: 86_400 }

/** How often something happens, as text: 5000/s, 1/min, 12/h, 3/day; becomes times a second. */
export const frequency = v.pipe(
  v.string(),
  v.regex(
    /^(?=.*[1-9])\d+(\.\d+)?\/(s|min|h|day)$/,
    'a number above 0 and a unit, such as 5000/s, 1/min, 12/h or 3/day',
  ),
  v.transform((text) => {
    const [count, unit] = text.split('/') as [string, string]
    return Number(count) / SECONDS[unit]!
  }),
)

/** Numbers, as a list of texts; null where the option is not given. */
export const numbers = <T>(schema: v.GenericSchema<number, T>) => v.optional(v.nullable(v.array(number(schema))), null)

/** Text that is not empty. */
export const text = (expected: string) => v.pipe(v.string(), v.nonEmpty(expected))

/** Names, as a list of texts. */
export const names = (expected = 'a name, or several between commas') =>
  v.array(v.pipe(v.string(), v.regex(/^[^,]*[^,\s][^,]*$/, expected)))

/** Present or not. */
export const present = v.optional(v.boolean(), false)

/** What an option becomes. */
export type ValueOf<O extends Option> = v.InferOutput<O['schema']>

/** The environment variable that stands for an option. */
export const variableOf = ({ flag }: Option) => `HITLESS_${flag.toUpperCase().replaceAll('-', '_')}`
