import * as v from 'valibot'
import { actingIn, plain } from './plain.ts'
import { either, meant } from './spelling.ts'

/** More of them than that, and something else is wrong: a file of another kind, say. */
const MOST = 20

/** What was read, or what is wrong with it: a sentence for each mistake. */
export type Read<T> = { output: T; mistakes?: undefined } | { output?: undefined; mistakes: string[] }

/**
 * Reads a value by a schema. Each mistake becomes a sentence that names the field, the value found and what is expected
 * there, whatever the schema library calls it.
 *
 * @param label what a field is called, from its path: "expects.0.resets", unless told otherwise
 */
export function readAs<T>(
  schema: v.GenericSchema<unknown, T>,
  input: unknown,
  label: (path: string[]) => string = (path) => path.join('.'),
): Read<T> {
  const read = v.safeParse(schema, input)
  if (read.success) return { output: read.output }
  const all = new Set(read.issues.flatMap((issue) => sentences(schema as Loose, input, issue, label)))
  return { mistakes: few([...all]) }
}

const few = (mistakes: string[]) =>
  mistakes.length > MOST ? [...mistakes.slice(0, MOST), `and ${mistakes.length - MOST} mistakes more`] : mistakes

/** Reads JSON by a schema, as {@link readAs} does. Text that would act on a terminal is a mistake: the lab writes none. */
export function readJson<T>(schema: v.GenericSchema<unknown, T>, text: string): Read<T> {
  const { output: input, mistakes } = parseJson(text)
  if (mistakes) return { mistakes }
  const acting = actingMistakes(input)
  return acting.length ? { mistakes: acting } : readAs(schema, input)
}

/** A sentence for each field with text that would act on a terminal. */
export const actingMistakes = (value: unknown): string[] =>
  few(
    actingIn(value).map(
      ({ path, character }) => `${path.join('.') || 'a name'}: the control character ${character}: expected text`,
    ),
  )

/** Reads JSON, whatever it holds. */
export function parseJson(text: string): Read<unknown> {
  try {
    return { output: JSON.parse(text) }
  } catch (error) {
    return { mistakes: [`it is not JSON, or not all of it: ${plain((error as Error).message)}`] }
  }
}

/** A value as it is shown in a mistake. */
export function shown(value: unknown): string {
  const text = plain(JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

/** What of valibot's schemas is looked at here: any of it may be missing. */
type Loose = v.GenericSchema & {
  entries?: Record<string, Loose>
  item?: Loose
  items?: Loose[]
  value?: Loose
  wrapped?: Loose
  default?: unknown
  options?: Loose[] | unknown[]
  literal?: unknown
  pipe?: { kind: string; type: string; message?: unknown; requirement?: unknown }[]
}

function sentences(
  schema: Loose,
  input: unknown,
  issue: v.BaseIssue<unknown>,
  label: (path: string[]) => string,
): string[] {
  const path = issue.path ?? []
  const keys = path.map(({ key }) => String(key))
  if (issue.kind === 'schema' && issue.expected === 'never') {
    // The library names the first field that is not known, and no other.
    const parent = along(schema, keys.slice(0, -1), input)
    const fields = Object.keys((parent && bare(parent).entries) ?? {})
    const unknown = Object.keys(path.at(-1)!.input as object).filter((key) => !fields.includes(key))
    const choices = `; its fields: ${fields.join(', ')}`
    return unknown.map((key) => `${label([...keys.slice(0, -1), key])}: unknown field${meant(key, fields) || choices}`)
  }
  return [sentence(schema, input, issue, keys, label(keys))]
}

function sentence(schema: Loose, input: unknown, issue: v.BaseIssue<unknown>, keys: string[], name: string): string {
  // A check of one's own says itself what is wrong.
  if (/check$/.test(issue.type)) return name ? `${name}: ${issue.message}` : issue.message
  const at = along(schema, keys, input)
  const what = at ? expected(at) : issue.message
  // As it was written: the library may have made a number of it.
  const found = valueAt(input, keys) ?? issue.input
  if (found === undefined) return `${name} is missing: expected ${what}`
  return name ? `${name} ${shown(found)}: expected ${what}${slip(at, found)}` : `expected ${what}, not ${shown(found)}`
}

/** Of a few words, the one that someone may have meant. */
function slip(schema: Loose | undefined, found: unknown): string {
  const at = schema && bare(schema)
  return at?.type === 'picklist' && typeof found === 'string' ? meant(found, (at.options as unknown[]).map(String)) : ''
}

/** What is at the end of a path into a value; undefined where the path leads nowhere. */
export const valueAt = (value: unknown, keys: string[]) =>
  keys.reduce((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], value)

/** The schema of the field at the end of a path. */
function along(schema: Loose | undefined, keys: string[], input: unknown): Loose | undefined {
  const at = schema && bare(schema)
  if (!at) return undefined
  const [key, ...rest] = keys
  if (key === undefined) return schema
  const within = valueAt(input, [key])
  if (at.type === 'variant' || at.type === 'union') {
    const choices = (at.options as Loose[]).filter((option) => bare(option).entries)
    const { key: telling } = at as unknown as { key?: string }
    const fitting = choices.find((one) => !telling || v.is(one.entries![telling]!, valueAt(input, [telling])))
    // Where the field that tells the alternatives apart says none of them, it may say any.
    if (!fitting && key === telling) return v.union(choices.map((one) => one.entries![key]!)) as unknown as Loose
    return along(fitting ?? choices[0], keys, input)
  }
  return along(at.entries?.[key] ?? at.items?.[Number(key)] ?? at.item ?? at.value, rest, within)
}

/** What is inside of optional() and nullable(). */
function bare(schema: Loose): Loose {
  return schema.wrapped ? bare(schema.wrapped) : schema
}

/** What a schema takes, in words. */
function expected(schema: Loose): string {
  if (schema.type === 'nullable') return `${expected(schema.wrapped!)}, or null`
  // Null that stands for what was not given is nothing that one can give.
  if (schema.wrapped) return expected(schema.default === null ? bare(schema) : schema.wrapped)
  const said = schema.pipe?.findLast(({ message }) => typeof message === 'string')
  if (said) return said.message as string
  // What a text becomes is what is expected of it: a number, say.
  const becomes = schema.pipe?.findLast((action, i) => i > 0 && action.kind === 'schema')
  if (becomes) return expected(becomes as unknown as Loose)
  const rule = (type: string) => schema.pipe?.find((action) => action.type === type)
  const filled = rule('non_empty') || rule('min_length') ? ', not empty' : ''
  switch (schema.type) {
    case 'string':
      return `text${filled}`
    case 'number':
      return `${rule('integer') ? 'a whole number' : 'a number'}${bounds(rule('min_value')?.requirement, rule('max_value')?.requirement)}`
    case 'boolean':
      return 'true or false'
    case 'array':
    case 'tuple':
      return `a list${filled}`
    case 'literal':
    case 'picklist':
    case 'union':
      return either([...new Set(alternatives(schema))])
    default:
      return schema.expects === 'Object' ? 'an object with fields' : schema.expects
  }
}

function alternatives(schema: Loose): string[] {
  if (schema.type === 'literal') return [word(schema.literal)]
  if (schema.type === 'picklist') return (schema.options as unknown[]).map(word)
  return schema.type === 'union' ? (schema.options as Loose[]).flatMap(alternatives) : [expected(schema)]
}

const word = (value: unknown) => (typeof value === 'string' ? value : shown(value))

function bounds(low: unknown, high: unknown): string {
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`
  return low === undefined ? (high === undefined ? '' : `, at most ${high}`) : `, at least ${low}`
}
