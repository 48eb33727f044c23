import type { ExperimentSection } from '../tables/experiments.ts'
import type { Table, TableCell, TableSection } from '../tables/table.ts'
import { STYLES } from './comparison.ts'
import { ascii, bullet, painted, wrap } from './fit.ts'
import { plainTable } from './plain.ts'

/** Columns of a head, beyond which it is broken. */
const HEAD = 12

/** An experiment for a terminal, plain ASCII: what it asks, and its tables kernel by kernel. */
export function experimentText(
  { title, question, source, effort, kernels }: ExperimentSection,
  colour: boolean,
  width: number,
): string {
  const lead = [title, question, `Source: ${source}. Measured ${effort}.`].flatMap((line) => wrap(ascii(line), width))
  const parts = kernels.flatMap(({ title, answers, tables }) => [
    [...(title ? [`${title}:`] : []), ...answers.flatMap((words) => bullet(words, width))].join('\n'),
    ...tables.map((section) =>
      sectionText({ ...section, title: [title, section.title].filter(Boolean).join(': ') }, colour, width),
    ),
  ])
  return `${[lead.join('\n'), ...parts].join('\n\n')}\n`
}

/** A table below its title and note. */
export function sectionText({ title, note, table }: TableSection, colour: boolean, width: number): string {
  const about = [title, ...(note ? [note] : [])].flatMap((line) => wrap(ascii(line), width))
  return [...about, '', tableText(table, colour, width)].join('\n')
}

const tableText = ({ head, rows }: Table, colour: boolean, width: number) =>
  plainTable(
    head.map((one) => wrap(ascii(typeof one === 'string' ? one : one.text), HEAD).join('\n')),
    rows.map((row) => head.map((_, i) => fieldText(row[i] ?? '-', colour))),
    width,
    { align: 'right' },
  )

function fieldText(field: TableCell, colour: boolean): string {
  if (typeof field === 'string') return ascii(field)
  const { text, detail, badges = [] } = field
  return [
    ascii(text),
    ...(detail ? [ascii(detail)] : []),
    ...badges.map(({ word }) => painted(colour, STYLES[word], word)),
  ]
    .filter((line) => line !== '')
    .join('\n')
}
