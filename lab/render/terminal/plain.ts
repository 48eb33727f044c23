import Table from 'cli-table3'
import { widthOf, wrap } from './fit.ts'

/** No rules: cli-table3 takes a frame apart only piece by piece. */
const NO_RULES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
    [side, ...['mid', 'left', 'right'].map((end) => `${side}-${end}`)].map((piece) => [piece, '']),
  ),
)

/**
 * A table for a terminal without rules. Columns that do not fit side by side go into further tables below, each of
 * which begins with the first column, which names the rows.
 *
 * @param rows of texts that may have several lines, and colours
 * @param align of all columns but the first `left` ones
 * @param width that no line exceeds, while no text alone does
 * @param gap spaces between columns
 */
export function plainTable(
  head: string[],
  rows: string[][],
  width: number,
  { align, left = 1, gap = 2 }: { align: 'left' | 'right'; left?: number; gap?: number },
): string {
  const named = rows.map(([name = '', ...rest]) => [wrap(name, Math.floor(width / 2)).join('\n'), ...rest])
  const widths = head.map((text, i) => Math.max(widthOf(text), ...named.map((row) => widthOf(row[i] ?? ''))))
  return sideBySide(widths.slice(1), width - widths[0]!, gap)
    .map((columns) => {
      const shown = [0, ...columns.map((i) => i + 1)]
      const table = new Table({
        chars: { ...NO_RULES, middle: ' '.repeat(gap) },
        style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
        colAligns: shown.map((i) => (i < left ? 'left' : align)),
        head: shown.map((i) => head[i]!),
      })
      table.push(...named.map((row) => shown.map((i) => row[i] ?? '')))
      return table.toString().replace(/ +$/gm, '')
    })
    .join('\n\n')
}

/** Which columns stand side by side, from left to right, when so much room is beside the names. */
function sideBySide(widths: number[], room: number, gap: number): number[][] {
  const all: number[][] = []
  let left = 0
  for (const [i, width] of widths.entries()) {
    if (all.length === 0 || left < width + gap) {
      all.push([])
      left = room
    }
    all.at(-1)!.push(i)
    left -= width + gap
  }
  return all
}
