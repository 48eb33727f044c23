import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, parse } from 'node:path'
import type * as v from 'valibot'
import { readAs } from '../../model/text/mistakes.ts'
import { enginesDocument } from '../engines/document.ts'
import { EnginesRecord } from '../engines/record.ts'
import { qemuDocument } from '../qemu/document.ts'
import { QemuRecord } from '../qemu/record.ts'
import { scaleDocument } from '../scale/document.ts'
import { ScaleRecord } from '../scale/record.ts'

type Document = (record: unknown) => string

/** A document of what can be read by a schema. */
const kind =
  <T>(schema: v.GenericSchema<unknown, T>, document: (record: T) => string): Document =>
  (record) => {
    const { output, mistakes } = readAs(schema, record)
    if (mistakes) throw new Error(mistakes.join('; '))
    return document(output)
  }

/** The figures whose raw numbers are kept, by their names. */
const KINDS: Record<string, Document> = {
  engines: kind(EnginesRecord, enginesDocument),
  qemu: kind(QemuRecord, qemuDocument),
  scale: kind(ScaleRecord, scaleDocument),
}

/** The document of a record: a pure function of it. @throws Error with what is wrong with the record */
export const documentOf = (name: string, record: unknown): string => KINDS[name]!(record)

/** What does not hold of the records in a folder: each has the document beside it that follows from it. */
export function wrongRecords(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => {
      const { name } = parse(file)
      const path = join(folder, `${name}.md`)
      if (!KINDS[name]) return [`${file}: no figure has records of that name`]
      if (!existsSync(path)) return [`${name}.md is missing beside ${file}`]
      try {
        const text = documentOf(name, JSON.parse(readFileSync(join(folder, file), 'utf8')))
        return readFileSync(path, 'utf8') === `${text}\n` ? [] : [`${name}.md is not what follows from ${file}`]
      } catch (error) {
        return [`${file}: ${(error as Error).message}`]
      }
    })
}
