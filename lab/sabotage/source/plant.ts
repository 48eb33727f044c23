import type { Plant } from '../finding.ts'

/** A replacement in a source file; the text to find must be there exactly once. */
export interface Edit {
  file: string
  find: string
  replace: string
}

/** A defect of the lab's own source, planted in a copy of the checkout. */
export interface SourcePlant extends Plant {
  edits: Edit[]
  /** The case whose cell must notice. */
  case: string
  /** Options for lab/run.ts, in place of those of a short run on the host's kernel. */
  args?: string[]
  /** Quick and important enough for `npm test`; the bench runs all. */
  quick?: true
}
