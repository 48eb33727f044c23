/** What became of a check of a saved run. */
export const STATES = ['ok', 'differs', 'unchecked'] as const
export type State = (typeof STATES)[number]

/** One thing that a saved run says, and whether it holds. */
export interface Finding {
  /** The kind of thing: "numbers", "kernel image". */
  what: string
  /** Which one of them: a cell, a file, a kernel. */
  of: string
  is: State
  /** What it was compared with; what differs, or why it cannot be checked here. */
  says: string
}

/** What was found of a saved run. */
export interface Verified {
  /** The folder of the run. */
  run: string
  findings: Finding[]
}

/** Findings of one kind. */
export const about = (what: string) => ({
  ok: (of: string, says: string): Finding => ({ what, of, is: 'ok', says }),
  differs: (of: string, says: string): Finding => ({ what, of, is: 'differs', says }),
  unchecked: (of: string, says: string): Finding => ({ what, of, is: 'unchecked', says }),
})
