import { readFileSync } from 'node:fs'
import type * as v from 'valibot'
import { readJson } from '../../lab/model/text/mistakes.ts'

/** What a JSON file says; null when there is none, or it is cut, or of another shape: what is kept can be made anew. */
export function readJsonFile<T>(path: string, schema: v.GenericSchema<unknown, T>): T | null {
  try {
    return readJson(schema, readFileSync(path, 'utf8')).output ?? null
  } catch {
    return null
  }
}
