import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { Result } from '../model/result.ts'

/** Where the committed runs are. */
export const REFERENCE = fileURLToPath(new URL('../../reports/reference', import.meta.url))

/** The names of the committed runs; a comparison is none. */
export const referenceRuns = (): string[] =>
  readdirSync(REFERENCE).filter((name) => name !== 'compare' && existsSync(join(REFERENCE, name, 'result.json')))

/** A committed run. */
export const referenceRun = (name: string): Result =>
  v.parse(Result, JSON.parse(readFileSync(join(REFERENCE, name, 'result.json'), 'utf8')))

/** For tests: a folder with a committed run and the events of its cells. */
export function copyRun(name: string, folder: string): Result {
  cpSync(join(REFERENCE, name), folder, { recursive: true })
  return referenceRun(name)
}
