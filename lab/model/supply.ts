import type { Note } from './text/note.ts'

/**
 * Where what a run needs is fetched from, and how: one value, handed down from the command line to whatever downloads
 * or builds. URIs begin with http:, https: or file: and end without a slash.
 */
export interface Supply {
  /** A mirror of the tree `debian`; undefined: the one that the host's own apt configuration names. */
  mirror?: string
  /** What holds `debian` and `debian-security` of releases that have left the mirrors; undefined: the public one. */
  archive?: string
  /** What holds every package that Debian ever had (`mr`, `archive` and `file`); undefined: the public one. */
  snapshot?: string
  /** The absolute path of a file with public keys, trusted beside Debian's own. */
  keyring?: string
  /** Whether the network is out of bounds: then only the cache and `file:` count. */
  offline: boolean
  /** Told what takes its time, in one line each. */
  note: Note
  /** Aborted when the run is interrupted: ends downloads and builds. */
  signal: AbortSignal
}
