import { isMeasured } from '../../model/result.ts'
import { flags } from '../facts/account.ts'
import { type Beside, ceilingWord, loadDetail, sideBySide } from '../facts/beside.ts'
import { list } from '../facts/format.ts'
import type { Group } from '../facts/groups.ts'
import { type Field, said } from '../facts/matrix.ts'
import { lineless } from './columns.ts'
import { wrap } from './fit.ts'
import { plainInterval, WIDTH } from './summary.ts'

/** Columns of the price, in words. */
const PRICE = 34

/** What a field says, a line each: the number with its verdict, its interval, and what else was lost. */
export function besideLines(field: Field): string[] {
  if (!field) return ['-']
  if ('skipped' in field) return ['skipped']
  const { cell } = field
  if (!isMeasured(cell)) return ['failed']
  const { main, detail, more } = said(cell)
  const words = [cell.verdict, ...flags(cell).map(({ word }) => word), ...ceilingWord(cell)]
  return [`${main}  ${words.join(', ')}`, detail.join(' '), ...more]
}

/**
 * For a terminal: of each kernel that was measured under several loads, its cases under one beside the other.
 *
 * @param width in columns
 */
export const besideTables = (all: Group[], width = WIDTH): string =>
  sideBySide(all)
    .map((beside) => tableOf(beside, width))
    .join('\n')

function tableOf({ place, priced, rows }: Beside, width: number): string {
  const heads = place.groups.map((group) => `${group.load.name}\n${wrap(loadDetail(group), 28).join('\n')}`)
  const price = priced ? [`price under ${priced.load.name}`] : []
  const table = lineless(
    ['case', ...heads, ...price],
    rows.map((row) => [
      row.case,
      ...row.fields.map((field) => besideLines(field).map(plainInterval).join('\n')),
      ...(priced ? [wrap(plainInterval(list(row.price)) || '-', PRICE).join('\n')] : []),
    ]),
    ['case', ...heads, ...price].map(() => 'left' as const),
    width,
    2,
  )
  return `${place.label}: resets a reload, load by load\n\n${table}\n`
}
