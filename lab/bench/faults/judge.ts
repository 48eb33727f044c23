import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT } from '../../model/fault.ts'
import { isMeasured, Result } from '../../model/result.ts'
import { readJson } from '../../model/text/mistakes.ts'
import { verifyRun } from '../../verify/verify.ts'

/** How a lab ended. */
export interface End {
  /** Its exit status; null: a signal ended it. */
  status: number | null
  stderr: string
}

/** What a run under a fault may not do. */
export interface Amiss {
  /** Numbers and verdicts that its events do not bear out, or a success with something missing. */
  wrong: string[]
  /** Lines of a stack trace, an exit status that means nothing. */
  rude: string[]
}

const TRACE = /^\s+at .*:\d+:\d+\)?$/m

/** A run's files: those of a cell that lost connections in it are proof enough that it was under load. */
const LOSES = 'none'

/**
 * Looks for what must never be, whatever was done to a run.
 *
 * @param folder of the run
 * @param cells that it was asked for
 * @param killed whether the fault was the end of the lab itself
 */
export async function judge(folder: string, cells: number, end: End, killed = false): Promise<Amiss> {
  const statuses: (number | null)[] = [...Object.values(EXIT), ...(killed ? [null] : [])]
  const rude = [
    ...(TRACE.test(end.stderr) ? [`a stack trace: ${TRACE.exec(end.stderr)![0].trim()}`] : []),
    ...(statuses.includes(end.status) ? [] : [`exit status ${end.status}`]),
  ]
  return { wrong: await wrongIn(folder, cells, end), rude }
}

async function wrongIn(folder: string, cells: number, { status }: End): Promise<string[]> {
  const file = join(folder, 'result.json')
  if (!existsSync(file)) return status === EXIT.expected ? ['exit status 0 without a result'] : []
  const { output: result, mistakes } = readJson(Result, readFileSync(file, 'utf8'))
  if (mistakes) return mistakes.map((mistake) => `result.json: ${mistake}`)
  const measured = result.cells.filter(isMeasured)
  const missing = cells - measured.length
  return [
    ...(status === EXIT.expected && missing ? [`exit status 0, and ${missing} of ${cells} cells are missing`] : []),
    ...measured.flatMap((cell) => {
      if (cell.case === LOSES && cell.verdict === 'expected' && !cell.resets) return [`${cell.folder}: a wrong zero`]
      return cell.verdict === 'contradicts' ? [`${cell.folder}: ${cell.reason}`] : []
    }),
    ...(await verifyRun(folder)).flatMap(({ is, of, says }) => (is === 'differs' ? [`${of}: ${says}`] : [])),
  ]
}

/** Files of a run that nobody finished. */
export const halfWritten = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.new'))
    : []
