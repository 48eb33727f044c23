import { isMeasured, type MeasuredCell, type ResultCell } from '../../model/result.ts'
import { whole } from '../../model/text/amounts.ts'
import type { Group } from '../facts/groups/groups.ts'
import type { Table, TableCell } from './table.ts'

/** A column of a table that has a row for each measured cell. */
export type Column = [head: string, text: (cell: MeasuredCell) => string | number]

const textOf = (value: string | number) => (typeof value === 'number' ? whole(value) : value)

/** A row for each cell that measured something. */
export const cellTable = ({ cells }: { cells: ResultCell[] }, columns: Column[]): Table => ({
  head: ['case', ...columns.map(([head]) => head)],
  rows: cells.filter(isMeasured).map((cell) => [cell.case, ...columns.map(([, text]) => textOf(text(cell)))]),
})

/** The column that names the group, where there are several. */
export const whereColumn = <T extends TableCell>(all: Group[], text: T): T[] => (all.length > 1 ? [text] : [])
