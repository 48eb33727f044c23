import type { CaseFile } from '../model/case/case.ts'
import type { Caught } from './finding.ts'

/** The exports of a file of lab/sabotage/cases: the broken case, what must catch it, and how it is run. */
export interface CasePlant {
  default: CaseFile
  caught: Caught
  /** The kernel that it runs on, where the host's own lacks something. */
  kernel?: string
  /** Its own options for lab/run.ts. */
  args?: string[]
  /** Quick and important enough for `npm test`; the bench runs all. */
  quick?: true
  /** Why the lab cannot notice it yet. */
  pending?: string
}

/**
 * A case of the lab with one thing broken. Everything else is as in its healthy twin, which must be green.
 *
 * @param name of the folder and the file that it is in, joined by a dash
 * @param planted what is broken, in one sentence
 */
export function broken(healthy: CaseFile, name: string, planted: string, change: Partial<CaseFile>): CaseFile {
  const words = { idea: planted, source: "the lab's sabotage of itself" }
  const changed = { ...healthy, name, title: `${healthy.title}, broken`, ...words, ...change }
  // What a case says of one proxy would take their place.
  const on = Object.entries(changed.on ?? {}).map(([proxy, own]) => [proxy, { ...own, ...words }])
  return changed.on ? { ...changed, on: Object.fromEntries(on) } : changed
}

/** A shell command that sets $n to the number of the reload, counted from 1; 0 is the one before the load. */
export const COUNTED = 'n=$(($(cat /tmp/n 2>/dev/null || echo -1) + 1)); echo $n >/tmp/n'

/** A shell command that rewrites the proxy's configuration from the healthy one, with its redirect replaced. */
export const configured = (replacement: string) =>
  `[ -f /tmp/healthy.cfg ] || cp $CFG /tmp/healthy.cfg; sed 's|redirect location /|${replacement}|' /tmp/healthy.cfg >$CFG`
