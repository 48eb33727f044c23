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
