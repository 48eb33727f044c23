import Table from 'cli-table3'
import { widthOf, wrap } from './fit.ts'

const NOTHING = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  'bottom-right': '',
}

/**
 * A table for a terminal without rules. What does not fit side by side goes into further tables below, each of which
 * begins with the first column, which names the rows.
 *
 * @param rows of cells that may have several lines, and colours
 * @param width that no line exceeds, while no cell alone does
 * @param gap spaces between columns
 */
export function lineless(
  head: string[],
  rows: (string | number)[][],
  aligns: ('left' | 'right')[],
  width: number,
  gap = 1,
): string {
  const named = rows.map(([name, ...rest]) => [wrap(`${name}`, Math.floor(width / 2)).join('\n'), ...rest])
  const widths = head.map((text, i) => Math.max(widthOf(text), ...named.map((row) => widthOf(`${row[i] ?? ''}`))))
  const [names, ...others] = widths as [number, ...number[]]
  return sideBySide(others, width - names, gap)
    .map((columns) => {
      const of = <T>(all: T[]) => [all[0]!, ...columns.map((i) => all[i + 1]!)]
      return part(
        of(head),
        named.map((row) => of(row).map((cell) => cell ?? '')),
        of(aligns),
        gap,
      )
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

function part(head: string[], rows: (string | number)[][], colAligns: ('left' | 'right')[], gap: number): string {
  const table = new Table({
    chars: { ...NOTHING, middle: ' '.repeat(gap) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns,
    head,
  })
  table.push(...rows)
  return table.toString().replace(/ +$/gm, '')
}
