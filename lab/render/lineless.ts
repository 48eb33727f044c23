import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'

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

/** A table for a terminal without rules, its columns so many spaces apart; the first column to the left. */
export function lineless(head: string[], rows: (string | number)[][], aligns: ('left' | 'right')[], gap = 1): string {
  const table = new Table({
    chars: { ...NOTHING, middle: ' '.repeat(gap) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: aligns,
    head,
  })
  table.push(...rows)
  return table.toString().replace(/ +$/gm, '')
}

/** The columns that a text takes: its longest line, without colours. */
export const widthOf = (text: string | number) =>
  Math.max(
    ...stripVTControlCharacters(String(text))
      .split('\n')
      .map((line) => line.length),
  )

/**
 * Which columns stand side by side in so much room; the others go into further tables below.
 *
 * @param together columns that are kept together where they fit
 * @param gap between two, and before the first
 */
export function blocks<T extends { width: number }>(together: T[][], room: number, gap: number): T[][] {
  const size = (columns: T[]) => columns.reduce((sum, { width }) => sum + width + gap, 0)
  const units = together.flatMap((columns) => (size(columns) > room ? columns.map((column) => [column]) : [columns]))
  const all: T[][] = []
  for (const unit of units) {
    const last = all.at(-1)
    if (last && size([...last, ...unit]) <= room) last.push(...unit)
    else all.push([...unit])
  }
  return all
}
