import { wrap } from '../../render/terminal/fit.ts'
import type { Option } from './option.ts'
import { GROUPS, type GroupName, type Name, OPTIONS } from './table.ts'
import type { Verb } from './verb.ts'

const WIDTH = 80
/** So few options need no groups. */
const FEW = 4

/** The help text of a verb, in lines of at most 80 columns. */
export function helpOf({
  command,
  about,
  usage,
  words = {},
  options,
  says = {},
  titles = {},
  examples,
  notes,
}: Verb): string {
  const rows: Row[] = Object.entries(words).map(([word, help]) => ({ head: word, help }))
  const listed = options.map((name) => ({ ...row(OPTIONS[name], says[name]), name }))
  const indent = Math.max(...[...rows, ...listed].map(({ head }) => head.length)) + 4
  const groups = options.length > FEW ? grouped(listed, titles) : [{ title: 'Options:', rows: listed }]
  const parts = [
    wrap(about, WIDTH),
    usage.map((rest, i) => `${i === 0 ? 'Usage: ' : '       '}${[command, rest].filter(Boolean).join(' ')}`),
    rows.flatMap((one) => described(one, indent)),
    ...groups.map((group) => [...wrap(group.title, WIDTH), ...group.rows.flatMap((one) => described(one, indent))]),
    [examples.length > 1 ? 'Examples:' : 'Example:', ...examples.map((example) => `  ${example}`)],
    wrap(notes, WIDTH),
  ]
  const shown = parts.filter((lines) => lines.length).map((lines) => lines.join('\n'))
  return `${shown.join('\n\n')}\n`
}

const grouped = (rows: (Row & { name: Name })[], titles: NonNullable<Verb['titles']>) =>
  Object.entries(GROUPS)
    .map(([group, { title, options }]) => ({
      title: titles[group as GroupName] ?? title,
      rows: rows.filter(({ name }) => name in options),
    }))
    .filter((group) => group.rows.length)

/** What stands in the left column, and what in the right one. */
interface Row {
  head: string
  help: string
}

/** @param says what takes the place of its help and default */
const row = (option: Option, says?: string): Row => ({
  head: `--${option.flag}${option.value ? ` ${option.value}` : ''}`,
  help: [says ?? option.help, boundsOf(option), says ? '' : defaultOf(option)].filter(Boolean).join(' '),
})

function described({ head, help }: Row, indent: number): string[] {
  const [first, ...others] = wrap(help, WIDTH - indent)
  return [`  ${head}`.padEnd(indent) + first, ...others.map((line) => ' '.repeat(indent) + line)]
}

/** The parts of valibot's schemas that are looked at here: any of them may be missing. */
interface Loose {
  wrapped?: Loose
  item?: Loose
  default?: unknown
  pipe?: (Loose & { type: string; requirement?: unknown })[]
}

/** "(1 to 100)", for a number. */
function boundsOf({ schema }: Option): string {
  const rules = rulesOf(schema as Loose)
  const rule = (type: string) => rules.find((one) => one.type === type)?.requirement
  return rule('max_value') === undefined ? '' : `(${rule('min_value')} to ${rule('max_value')})`
}

function rulesOf({ wrapped, item, pipe = [] }: Loose): { type: string; requirement?: unknown }[] {
  const inside = wrapped ?? item
  if (inside) return rulesOf(inside)
  return pipe.flatMap((one, i) => (i > 0 && one.pipe ? rulesOf(one) : [one]))
}

/** "[2]" */
function defaultOf({ schema, unset }: Option): string {
  const own = (schema as Loose).default
  const shown = unset ?? (typeof own === 'string' ? own : Array.isArray(own) ? own.join(',') : '')
  return shown && `[${shown}]`
}
