import Table from 'cli-table3'
import { partsOf, widthOf, wrap } from './fit.ts'

/**
 * A table of texts with rules, in which the columns share the width. Where not even the parts of their words fit side by
 * side, each row becomes a paragraph instead, a line for each of its columns.
 *
 * @param width of the whole, in characters
 */
export function ruled(head: string[], rows: string[][], width: number): string {
  const columns = head.map((text, i) => [text, ...rows.map((row) => row[i]!)])
  const room = width - 3 * head.length - 1
  const widest = (texts: string[]) => Math.max(...texts.map(widthOf))
  const words = columns.map((texts) => widest(texts.flatMap((text) => text.split(/\s/))))
  // Names are not broken; other words are where they must be.
  const parts = columns.map((texts, i) =>
    i === 0 ? words[0]! : widest(texts.flatMap((text) => text.split(/\s/)).flatMap((word) => ['', ...partsOf(word)])),
  )
  const least = [words, parts].find((widths) => total(widths) <= room)
  if (!least) return paragraphs(head, rows, width)
  const widths = shared(
    least,
    columns.map(widest),
    columns.map((texts) => total(texts.map(widthOf))),
    room,
  )
  const fitted = (row: string[]) => row.map((text, i) => wrap(text, widths[i]!).join('\n'))
  const style = { head: [], border: [] }
  const table = new Table({ head: fitted(head), colWidths: widths.map((chars) => chars + 2), style })
  table.push(...rows.map(fitted))
  return table.toString()
}

const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)

/** Widths of columns, from the least ones on: what is left goes, bit by bit, to the one with the most text a column. */
function shared(least: number[], natural: number[], letters: number[], room: number): number[] {
  const widths = [...least]
  for (let spare = room - total(least); spare > 0; spare--) {
    const growing = widths.map((width, i) => (width < natural[i]! ? letters[i]! / width : 0))
    const most = Math.max(...growing)
    if (most === 0) break
    widths[growing.indexOf(most)]!++
  }
  return widths
}

function paragraphs(head: string[], rows: string[][], width: number): string {
  const indent = Math.max(...head.slice(1).map(widthOf)) + 4
  const part = (name: string, text: string) =>
    wrap(text, width - indent).map((line, i) => `${(i === 0 ? `  ${name}` : '').padEnd(indent)}${line}`)
  return rows
    .map(([title, ...texts]) => {
      const parts = texts.flatMap((text, i) => (text === '' ? [] : part(head[i + 1]!, text)))
      return [...wrap(title!.replaceAll('\n', ', '), width), ...parts].join('\n')
    })
    .join('\n\n')
}
