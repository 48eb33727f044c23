/** Something that the lab needs of its host, and whether it is there. */
export interface Check {
  what: string
  ok: boolean
  /** Whether the lab also works without it, though not as well. */
  optional?: boolean
  /** The command that mends it, or what to do; undefined when there is nothing to mend. */
  mend?: string
}
