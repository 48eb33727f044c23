import type { ExperimentColumn, ExperimentFacts } from '../../model/experiment.ts'
import { isMeasured, type MeasuredCell, type Result, type ResultCell } from '../../model/result.ts'
import { counted, list, whole } from '../../model/text/amounts.ts'
import { atCeiling, CAUSES, causeText, ceilingOf, hidden, lost, refusals } from '../facts/cells/account.ts'
import { maxacceptText, proxyTitle } from '../facts/cells/conditions.ts'
import { decimal, doubtful, percent, perReload } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import { type Line, linesOf, measuredIn } from '../facts/groups/lines.ts'
import { experimentWords } from '../sentences/experiment.ts'
import type { Words } from '../sentences/words.ts'
import { type Badge, badgesOf, type Table, type TableCell, type TableSection } from './table.ts'

/** An experiment as reports show it: what it asks, and two tables for each kernel. */
export interface ExperimentSection {
  title: string
  question: string
  source: string
  /** What it was measured with, how much of it there is, and how long that took. */
  effort: string
  /** Each kernel with what its numbers say to the question, a sentence each. */
  kernels: { title: string; answers: Words[]; tables: TableSection[] }[]
}

/** What the article's tool would have counted as hits, of the connections begun a second while reloads were made. */
const hitsPerSecond = ({ injectHits, connections, begunPerSecond }: MeasuredCell) =>
  (injectHits / Math.max(1, connections)) * begunPerSecond
const perMillion = (count: number, of: number) => (1e6 * count) / Math.max(1, of)
const reloaded = (cell: MeasuredCell, text: string) => (cell.reloads === 0 ? '-' : text)

const ofKept = ({ kept }: MeasuredCell, text: (kept: NonNullable<MeasuredCell['kept']>) => string) =>
  kept ? text(kept) : '-'

const abText = (count: number | undefined) => (count === undefined ? '-' : whole(count))

/** How a column is made of a cell. */
const VALUES: Record<ExperimentColumn, (cell: MeasuredCell) => string> = {
  hits: ({ injectHits }) => whole(injectHits),
  'hits/s': (cell) => whole(hitsPerSecond(cell)),
  errs: ({ injectErrs }) => whole(injectErrs),
  'errs per million hits': ({ injectErrs, injectHits }) => decimal(perMillion(injectErrs, injectHits)),
  'resets among hits': (cell) => whole(hidden(cell)),
  'failures per million': (cell) => doubtful(cell, decimal(perMillion(lost(cell), cell.connections))),
  'conn/s': ({ throughput }) => whole(throughput),
  reloads: ({ reloads }) => whole(reloads),
  'reloads/s': (cell) => reloaded(cell, decimal(cell.reloadsPerSecond)),
  'in flight': ({ inFlight }) => (inFlight ? decimal(inFlight.mean) : '-'),
  'limited by': ({ limitedBy }) => limitedBy ?? '-',
  'at ceiling': (cell) =>
    cell.capped === null ? '-' : `${percent(cell.capped)}${atCeiling(cell) ? ` at ${whole(ceilingOf(cell))}` : ''}`,
  'p50 ms': ({ latencyMs }) => decimal(latencyMs.p50),
  'p99 ms': ({ latencyMs }) => decimal(latencyMs.p99),
  'p99.9 ms': ({ latencyMs }) => decimal(latencyMs.p999),
  'max ms': ({ latencyMs }) => decimal(latencyMs.max),
  slow: ({ slow }) => whole(slow),
  'reused resets': (cell) => ofKept(cell, ({ resets }) => doubtful(cell, whole(resets))),
  'reused resets a reload': (cell) =>
    ofKept(cell, ({ resets }) => reloaded(cell, doubtful(cell, decimal(resets / cell.reloads)))),
  'reset POSTs': (cell) => ofKept(cell, ({ resetPosts }) => doubtful(cell, whole(resetPosts))),
  'empty replies': (cell) => ofKept(cell, ({ shorts }) => whole(shorts)),
  proof: ({ proof }) => (proof ? whole(proof.value) : '-'),
  'ab runs': ({ ab }) => (ab ? `${whole(ab.runs)}${ab.silent ? `, ${whole(ab.silent)} without numbers` : ''}` : '-'),
  complete: ({ ab }) => abText(ab?.complete),
  failed: ({ ab }) => abText(ab?.failed),
  connect: ({ ab }) => abText(ab?.connect),
  receive: ({ ab }) => abText(ab?.receive),
  length: ({ ab }) => abText(ab?.length),
  exceptions: ({ ab }) => abText(ab?.exceptions),
}

/** The columns of the article's tool. */
const TOOLS: ExperimentColumn[] = ['hits', 'errs']
const TOOL_NOTE =
  'Hits and errs as the article’s tool inject would have counted them. It takes a reset behind the request for the end of the response, and so for a hit.'

/** Columns whose words need more. */
const PROOF_NOTE =
  'Proof: what each case counts to show that it acted, such as connections that the kernel moved; its page in cases/ says what.'
const KEPT_NOTE =
  'Reused: connections that had had an answer. No client may send a POST again by itself; an empty reply is a close without an answer.'

const AB_NOTE =
  'What ab printed, summed up over its runs of 2,000 requests. It has no word for a reset: it counts one in the handshake as a wrong length, a later one often as an exception, too. Of a run without numbers nothing is in the sums.'

/** The experiments of a result, and the kernels of each, the oldest first. */
export const experimentSections = (result: Result, all: Group[]): ExperimentSection[] =>
  result.experiments.map((experiment) => {
    const names = experiment.rows.flatMap(({ cells }) => cells)
    const cells = result.cells.filter(({ folder }) => names.includes(folder))
    const wheres = [...new Set(all.map(({ where }) => where))]
    const kernels = wheres.flatMap((where) => {
      const groups = all.filter((group) => group.where === where)
      const lines = experiment.rows.flatMap((row) => linesOf(row, groups, result.skipped))
      // In a comparison another run may not have asked.
      if (lines.every(({ outcome }) => outcome === 'nothing')) return []
      const answers = experimentWords(
        experiment.columns,
        lines.map(({ label, outcome }) => ({ label, ...(outcome !== 'nothing' && 'cell' in outcome && outcome) })),
      )
      return [{ title: wheres.length > 1 ? where : '', answers, tables: tablesOf(experiment, lines) }]
    })
    return {
      title: experiment.title,
      question: experiment.question,
      source: experiment.source,
      effort: effortOf(cells, result.seconds),
      kernels,
    }
  })

/** With which proxies it was measured, how much of it there is, and how long the run took with all that is in it. */
function effortOf(cells: ResultCell[], seconds: number): string {
  const total = (of: (cell: ResultCell) => number) => cells.reduce((sum, cell) => sum + of(cell), 0)
  const proxies = new Set(
    cells.map(({ proxy }) => `${proxyTitle(proxy)} (maxaccept ${maxacceptText(proxy.maxaccept)})`),
  )
  return [
    ...(proxies.size > 0 ? [`with ${list([...proxies])}`] : []),
    `${counted(cells.length, 'cell')} in ${counted(
      total(({ boots }) => boots),
      'boot',
    )}, with reloads for ${whole(total(({ boots, load }) => boots * load.duration))} s`,
    `the whole run took ${whole(seconds)} s`,
  ].join('; ')
}

/** Beside what the article printed what its tool would have printed here, and below it what happened. */
function tablesOf({ columns, rows }: ExperimentFacts, lines: Line[]): TableSection[] {
  const printed = rows.some((row) => row.printed)
  return [
    {
      title: printed ? 'As the article prints it' : 'In short',
      ...(notesOf(columns).length > 0 && { note: notesOf(columns).join(' ') }),
      table: shortTable(columns, lines),
    },
    {
      title: 'What happened',
      note: 'Resets: before the request was sent + after it; a reload: the mean and its 95 % interval. What follows was lost otherwise; then the resets by cause.',
      table: strictTable(lines),
    },
  ]
}

const notesOf = (columns: ExperimentColumn[]) => [
  ...(columns.some((column) => TOOLS.includes(column)) ? [TOOL_NOTE] : []),
  ...(columns.includes('proof') ? [PROOF_NOTE] : []),
  ...(columns.includes('reset POSTs') ? [KEPT_NOTE] : []),
  ...(columns.includes('ab runs') ? [AB_NOTE] : []),
]

/** Why a line has no numbers; undefined where it has. */
function without({ outcome }: Line): TableCell | undefined {
  if (outcome === 'nothing') return { text: 'not measured', about: 'the run was interrupted, or its load is not known' }
  if ('skipped' in outcome) return { text: 'not run', about: outcome.skipped.reason }
  return isMeasured(outcome.cell) ? undefined : { text: 'no numbers', about: outcome.cell.reason }
}

function shortTable(columns: ExperimentColumn[], lines: Line[]): Table {
  const isPrinted = (column: ExperimentColumn) => lines.some(({ row }) => printedIn(row, column) !== undefined)
  const article = (line: Line, column: ExperimentColumn) => {
    const value = printedIn(line.row, column)
    // A row that became several lines here was one there.
    return value === undefined || lines.find(({ row }) => row === line.row) !== line ? '-' : printedText(value)
  }
  const here = (line: Line, column: ExperimentColumn, i: number) => {
    const cell = measuredIn(line)
    return cell ? VALUES[column](cell) : i === 0 ? without(line)! : '-'
  }
  return {
    head: [
      '',
      ...columns.flatMap((column) => (isPrinted(column) ? [`${column}, article`, `${column}, here`] : [column])),
    ],
    rows: lines.map((line) => [
      line.label,
      ...columns.flatMap((column, i) => [...(isPrinted(column) ? [article(line, column)] : []), here(line, column, i)]),
    ]),
  }
}

/** What the article printed in a column, or what follows from it. */
function printedIn({ printed = {} }: ExperimentFacts['rows'][number], column: ExperimentColumn): number | undefined {
  const { errs, hits } = printed
  if (column !== 'errs per million hits' || errs === undefined || hits === undefined) return printed[column]
  return perMillion(errs, hits)
}

const printedText = (value: number) => (Number.isInteger(value) ? whole(value) : decimal(value))

const strictTable = (lines: Line[]): Table => ({
  head: [
    '',
    'verdict',
    'resets',
    'a reload',
    'refused',
    'timeouts',
    'short',
    'other',
    ...CAUSES.map(([, words]) => words),
  ],
  rows: lines.map((line) => [
    line.label,
    { text: '', badges: badgesIn(line) },
    ...(without(line) ? [without(line)!] : strictFields(measuredIn(line)!)),
  ]),
})

function strictFields(cell: MeasuredCell): TableCell[] {
  const [text, detail] = perReload(cell)
  return [
    {
      text: doubtful(cell, whole(cell.resets)),
      detail: `${whole(cell.resetsBeforeRequest)} + ${whole(cell.resetsAfterRequest)}`,
    },
    { text, detail },
    refusals(cell, whole(cell.refused)),
    whole(cell.timeouts),
    whole(cell.short),
    whole(cell.other),
    ...CAUSES.map(([cause]) => causeText(cell, whole(cell.causes[cause]))),
  ]
}

function badgesIn({ outcome }: Line): Badge[] {
  if (outcome === 'nothing') return []
  return 'skipped' in outcome ? [{ word: 'skipped', why: outcome.skipped.reason }] : badgesOf(outcome.cell)
}
