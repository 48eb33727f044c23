import { isMeasured, type Mine, type Result } from '../../model/result.ts'
import { list } from '../../model/text/amounts.ts'
import { type Advice, type Advised, adviceOf, type Use, untoldOf } from '../facts/advice.ts'
import { decimal, interval } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import { mineText, toldFor } from '../facts/mine.ts'
import { outcomeText } from './outcomes.ts'
import { badgesOf, type TableCell, type TableSection } from './table.ts'

/** What the uses are called. */
const USE_WORDS: Record<Use, string> = {
  use: 'use',
  price: 'clients wait',
  part: 'lost nothing, disturbed in part',
  rare: 'loses a few',
  open: 'not decided',
  no: 'loses connections',
}

/** The cases of each proxy, ranked; each number leads to what it follows from. */
export const adviceSections = (result: Result, all: Group[]): TableSection[] => {
  const advice = adviceOf(result, all)
  return advice.map((one) => ({
    title: advice.length > 1 ? `Which reload to use: ${one.label}` : 'Which reload to use',
    note: `The best first. Numbers are lost connections a reload, and lead to the events that they were counted from.${result.mine ? ` The last column is for ${mineText(result.mine)}.` : ''}`,
    table: { head: headOf(one, result.mine), rows: rowsOf(one, result.mine) },
  }))
}

const loadsOf = ({ plainCells, ranked }: Advice) => [
  ...new Set([...plainCells, ...ranked.flatMap(({ cells }) => cells)].map(({ load }) => load.name)),
]

const headOf = (advice: Advice, mine: Mine | undefined) => [
  'case',
  'use it?',
  ...loadsOf(advice).map((load) => `lost under ${load}`),
  'price',
  'needs',
  ...(mine ? ['lost a day'] : []),
]

function rowsOf(advice: Advice, mine: Mine | undefined): TableCell[][] {
  const { plain, plainCells, ranked } = advice
  const rows: Pick<Advised, 'name' | 'cells'>[] = [...ranked, { name: plain.case, cells: plainCells }]
  return rows.map(({ name, cells }) => {
    const its = ranked.find((one) => one.name === name)
    return [
      name,
      useText(its),
      ...loadsOf(advice).map((load) => numberOf(cells, load)),
      its ? priceOf(its) : '-',
      list(its?.facts.needs ?? []) || '-',
      ...(mine ? [dayText(cells, mine)] : []),
    ]
  })
}

/** Whether to use it; where clients wait also that not all of it counts. */
function useText(advised: Advised | undefined): string {
  const words = USE_WORDS[advised?.use ?? 'no']
  return advised?.use === 'price' && untoldOf(advised).disturbed.length > 0 ? `${words}, disturbed in part` : words
}

/** What a case costs; of one that nobody would use nobody asks. */
const priceOf = ({ price, priced, use }: Advised): string =>
  list(price) || (use === 'no' ? '-' : priced ? 'none that can be told' : 'not known')

/** Lost connections a reload under a load, with the folder of the cell. */
function numberOf(cells: Advised['cells'], load: string): TableCell {
  const cell = cells.find((one) => one.load.name === load)
  if (!cell) return '-'
  if (!isMeasured(cell)) return { text: 'no numbers', detail: cell.verdict, file: cell.folder }
  const { main, detail, losses } = outcomeText(cell)
  const doubts = badgesOf(cell).flatMap(({ word }) => (word === 'expected' ? [] : [word]))
  return { text: main, detail: [...detail, ...losses, ...doubts].join(' · '), file: cell.folder }
}

function dayText(cells: Advised['cells'], mine: Mine): TableCell {
  const told = toldFor(cells, mine)
  if (!told) return 'no point is near'
  const { lost, low, high, lossy, reloads } = told
  if (lost > 0) return { text: decimal(lost), detail: high === null ? undefined : interval(low, high) }
  return { text: '0', detail: lossy === null ? undefined : `<${decimal(lossy)} of ${decimal(reloads)} reloads` }
}
