import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Result } from '../model/result.ts'
import { readJson } from '../model/text/mistakes.ts'

/** The folder of the committed runs. */
export const REFERENCE = fileURLToPath(new URL('../../reports/reference', import.meta.url))

/** The names of the committed runs, without the comparison. */
export const referenceRuns = (): string[] =>
  readdirSync(REFERENCE).filter((name) => name !== 'compare' && existsSync(join(REFERENCE, name, 'result.json')))

/** The result in the folder of a run. @throws Error with what is wrong with it */
export function resultIn(folder: string): Result {
  const { output, mistakes } = readJson(Result, readFileSync(join(folder, 'result.json'), 'utf8'))
  if (mistakes) throw new Error(`${folder}: ${mistakes.join('; ')}`)
  return output
}

/** The result of a committed run. */
export const referenceRun = (name: string): Result => resultIn(join(REFERENCE, name))

/** For tests: copies a committed run with the events of its cells into a folder. */
export function copyRun(name: string, folder: string): Result {
  cpSync(join(REFERENCE, name), folder, { recursive: true })
  return referenceRun(name)
}

/** The events of a committed boot of four seconds with 38 reloads and 308 resets, as they were saved. */
export const eventsOfABoot = (): string =>
  readFileSync(join(REFERENCE, 'host/6.18.44-fc-v657-haproxy-2.6.12-maxaccept4-none-half/boot-1/events.jsonl'), 'utf8')
