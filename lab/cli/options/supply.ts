import type { Supply } from '../../model/supply.ts'
import type { Note } from '../../model/text/note.ts'

/** The options that say where things are fetched from; each may also be set in the environment. */
export const SUPPLY = ['mirror', 'archive', 'snapshot', 'keyring', 'offline'] as const

/** A supply as the options say, and nothing else of them. */
export const supplyOf = (
  { mirror, archive, snapshot, keyring, offline }: Pick<Supply, (typeof SUPPLY)[number]>,
  note: Note,
  signal: AbortSignal,
): Supply => ({ mirror, archive, snapshot, keyring, offline, note, signal })
