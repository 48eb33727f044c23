import type { ExperimentColumn } from '../../model/experiment.ts'
import { isMeasured, type MeasuredCell, type ResultCell } from '../../model/result.ts'
import { counted, whole } from '../../model/text/amounts.ts'
import { comparable, lost, shown } from '../facts/cells/account.ts'
import { bound, decimal } from '../facts/cells/numbers.ts'
import { kindsOf } from '../facts/machines/machines.ts'
import { name, type Words } from './words.ts'

/** A line of an experiment on one kernel; without a cell it was not run, or not measured. */
export interface AnswerLine {
  label: string
  cell?: ResultCell
}
/** One whose numbers may be compared with others. */
interface Known {
  label: string
  cell: MeasuredCell
}

/**
 * What the numbers of an experiment on one kernel say to its question, a sentence each: which of its lines lost
 * connections, and how many of a million; which lost none in how many exposed reloads; between which latencies they are,
 * where it has a column for them; what the article's tool would have shown, where it has one for that; and which lines
 * say nothing. Lines without reloads are in the latencies alone.
 */
export function experimentWords(columns: readonly ExperimentColumn[], lines: AnswerLine[]): Words[] {
  const measured = lines.flatMap(({ label, cell }) => (cell && isMeasured(cell) ? [{ label, cell }] : []))
  const known = measured.filter(({ cell }) => comparable(cell))
  const quiet = measured.filter(({ cell }) => cell.reloads === 0)
  const unsure = measured.filter((one) => !known.includes(one) && !quiet.includes(one))
  const without = lines.filter(({ label }) => !measured.some((one) => one.label === label))
  const [lossy, spared] = [known.filter(({ cell }) => lost(cell) > 0), known.filter(({ cell }) => lost(cell) === 0)]
  const labels = (of: AnswerLine[]) => joined(of.map(({ label }) => name(label)))
  return [
    ...(lossy.length ? [`Lost connections, of a million: ${joined(lossy.map(lossText))}`] : []),
    ...(spared.length ? [`Lost none: ${joined(spared.map(zeroText))}`] : []),
    ...(columns.includes('p99 ms') ? latencyWords([...quiet, ...known]) : []),
    ...(columns.includes('errs') ? toolWords(lossy) : []),
    ...(unsure.length ? [`In doubt: ${unsure.length === lines.length ? 'all of it' : labels(unsure)}`] : []),
    ...(without.length ? [`No numbers: ${labels(without)}`] : []),
  ]
}

/** Labels may have commas. */
const joined = (items: string[]) => items.join('; ')

const lossText = ({ label, cell }: Known) =>
  `${name(label)} ${decimal((1e6 * lost(cell)) / Math.max(1, cell.connections))}`

/** Of a load of which no reload was exposed, a zero says nothing, and `comparable` has left it out. */
function zeroText({ label, cell }: Known): string {
  const most = bound(cell)
  return `${name(label)} in ${counted(cell.exposed ?? cell.reloads, 'reload')}${most ? ` (${most})` : ''}`
}

function latencyWords(known: Known[]): Words[] {
  // What two kinds of CPU take is no range.
  if (known.length < 2 || kindsOf(known.map(({ cell }) => cell)).length > 1) return []
  const [least, ...others] = known.toSorted((a, b) => a.cell.latencyMs.p99 - b.cell.latencyMs.p99) as [
    Known,
    ...Known[],
  ]
  const text = ({ label, cell }: Known) => `${decimal(cell.latencyMs.p99)}\u00a0ms with ${name(label)}`
  return [`p99 goes from ${text(least)} to ${text(others.at(-1)!)}`]
}

function toolWords(lossy: Known[]): Words[] {
  const reset = lossy.filter(({ cell }) => cell.resets > 0)
  if (reset.length === 0) return []
  const text = ({ label, cell }: Known) => `${whole(shown(cell))} of ${whole(cell.resets)} with ${name(label)}`
  return [`Of the resets the article’s tool would have shown: ${joined(reset.map(text))}`]
}
