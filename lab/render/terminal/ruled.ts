import Table from 'cli-table3'
import { pieces, widthOf, wrap } from './fit.ts'

/**
 * A table of texts with rules, in which the columns share the width so that it gets no longer than it must. Where not
 * even the parts of their words fit side by side, each row becomes a paragraph instead, a line for each of its columns.
 *
 * @param width of the whole, in characters
 */
export function ruled(head: string[], rows: string[][], width: number): string {
  const columns = head.map((text, i) => [text, ...rows.map((row) => row[i]!)])
  const room = width - 3 * head.length - 1
  const words = columns.map((texts) => widest(texts.flatMap((text) => text.split(/\s/))))
  // Names are not broken; other words are where they must be.
  const parts = columns.map((texts, i) =>
    i === 0 ? words[0]! : widest(texts.flatMap((text) => text.split(/\s/)).flatMap(pieces)),
  )
  const least = [words, parts].find((widths) => total(widths) <= room)
  if (!least) return paragraphs(head, rows, width)
  const widths = shared(columns, least, room)
  const fitted = (row: string[]) => row.map((text, i) => wrap(text, widths[i]!).join('\n'))
  const style = { head: [], border: [] }
  const table = new Table({ head: fitted(head), colWidths: widths.map((chars) => chars + 2), style })
  table.push(...rows.map(fitted))
  return table.toString()
}

const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)
const widest = (texts: string[]) => Math.max(0, ...texts.map(widthOf))

/** Widths of columns, from the least ones on: what is left goes, step by step, where it saves the most lines. */
function shared(columns: string[][], least: number[], room: number): number[] {
  const known = columns.map(() => new Map<number, number[]>())
  const lines = (i: number, width: number) => {
    const counts = known[i]!.get(width) ?? columns[i]!.map((text) => wrap(text, width).length)
    known[i]!.set(width, counts)
    return counts
  }
  /** The lines of all rows; those of all cells tell tables apart that are equally long. */
  const height = (widths: number[]) => {
    const counts = widths.map((width, i) => lines(i, width))
    const rows = columns[0]!.map((_, row) => Math.max(...counts.map((of) => of[row]!)))
    return total(rows) + total(counts.map(total)) / 1000
  }
  const natural = columns.map(widest)
  const widths = [...least]
  for (;;) {
    const now = height(widths)
    const spare = room - total(widths)
    const steps = columns.flatMap((_, i) => {
      for (let more = 1; more <= Math.min(spare, natural[i]! - widths[i]!); more++) {
        const saved = now - height(widths.with(i, widths[i]! + more))
        if (saved > 0) return [{ i, more, worth: saved / more }]
      }
      return []
    })
    const best = steps.toSorted((a, b) => b.worth - a.worth)[0]
    if (!best) return widths
    widths[best.i]! += best.more
  }
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
