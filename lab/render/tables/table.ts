import type { Result, ResultCell } from '../../model/result.ts'
import { type Flag, flags } from '../facts/cells/account.ts'
import type { Group } from '../facts/groups/groups.ts'

/** A word that judges: a verdict, or what is as good as one. */
export interface Badge {
  word: ResultCell['verdict'] | Flag['word'] | 'skipped'
  why: string
}

/** A field of a table: a text alone, or with what belongs to it. */
export type TableCell =
  | string
  | {
      text: string
      /** Stands with the text in smaller print. */
      detail?: string
      /** For readers who ask, as a tooltip. */
      about?: string
      /** A file in the folder of the run. */
      file?: string
      badges?: Badge[]
    }

/** A table, which each renderer draws in its own way: the first column names the rows. */
export interface Table {
  head: (string | { text: string; about: string })[]
  /** A row may end early: the last field then takes the room of the others. */
  rows: TableCell[][]
}

/** A table with a title and a sentence on what it shows. */
export interface TableSection {
  title: string
  note?: string
  table: Table
}

/** The same for each group. */
export interface GroupSection extends Omit<TableSection, 'table'> {
  table: (group: Group, result: Result) => Table
}

/** The verdict of a cell, and what disturbed it. */
export const badgesOf = (cell: ResultCell): Badge[] => [{ word: cell.verdict, why: cell.reason }, ...flags(cell)]

/** A table of several groups in one: the second column names the group. */
export function together(all: Group[], tableOf: (group: Group) => Table): Table {
  const tables = all.map((group) => ({ group, ...tableOf(group) }))
  const [first = '', ...others] = tables[0]?.head ?? []
  return {
    head: [first, 'where', ...others],
    rows: tables.flatMap(({ group, rows }) => rows.map(([name = '', ...rest]) => [name, group.label, ...rest])),
  }
}
