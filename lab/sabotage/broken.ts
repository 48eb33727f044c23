import type { CaseFile } from '../model/case.ts'
import type { Caught } from './plant.ts'

/** What a file of lab/sabotage/cases exports beside the case: what must catch it, and how it is run. */
export interface CasePlant {
  default: CaseFile
  caught: Caught
  /** The kernel that it is run on, where the host's own lacks something. */
  kernel?: string
  /** Options of lab/run.ts of its own. */
  args?: string[]
  /** Quick and important enough for `npm test`; the bench runs all. */
  quick?: true
  /** Why the lab cannot notice it yet. */
  pending?: string
}

/**
 * A case of the lab with something broken in it. All else is as in its healthy twin, which must be green.
 *
 * @param planted what is broken, in one sentence
 */
export const broken = (of: CaseFile, name: string, planted: string, change: Partial<CaseFile>): CaseFile => ({
  ...of,
  name,
  title: `${of.title}, broken`,
  idea: planted,
  source: "the lab's sabotage of itself",
  ...change,
})

/** In commands of a reload: $n is its number, from 1. */
export const COUNTED = 'n=$(($(cat /tmp/n 2>/dev/null || echo 0) + 1)); echo $n >/tmp/n'

/** A command that makes the proxy's next configuration of the healthy one, with these words for its redirect. */
export const configured = (words: string) =>
  `[ -f /tmp/healthy.cfg ] || cp $CFG /tmp/healthy.cfg; sed 's|redirect location /|${words}|' /tmp/healthy.cfg >$CFG`
