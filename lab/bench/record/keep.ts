import { join } from 'node:path'
import { saveFiles } from '../../saved/files.ts'
import { REFERENCE } from '../../saved/reference.ts'
import { documentOf } from './records.ts'

/** Where the records of the lab's figures are committed. */
export const RECORDS = join(REFERENCE, 'bench')

/**
 * Saves what a figure measured, and its document beside it.
 *
 * @returns the document
 */
export function keep(name: string, record: unknown, folder = RECORDS): string {
  const text = documentOf(name, record)
  saveFiles(folder, { [`${name}.json`]: `${JSON.stringify(record, null, 1)}\n`, [`${name}.md`]: `${text}\n` })
  return text
}
