import type { Supply } from '../../model/supply.ts'
import type { Note } from '../../model/text/note.ts'
import { SUPPLY as GROUP } from './groups/supply.ts'

/** The options that say where things are fetched from. */
export const SUPPLY = Object.keys(GROUP.options) as (keyof typeof GROUP.options)[]

/** A supply as the options say, and nothing else of them. */
export const supplyOf = (
  { mirror, archive, snapshot, keyring, offline }: Pick<Supply, (typeof SUPPLY)[number]>,
  note: Note,
  signal: AbortSignal,
): Supply => ({ mirror, archive, snapshot, keyring, offline, note, signal })
