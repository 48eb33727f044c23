import { isMeasured, type MeasuredCell } from '../measure/result.ts'
import { NOISY_ABOVE } from '../measure/verdict.ts'
import { counts, hidden, lost } from './account.ts'
import { decimal, list, percent, whole } from './format.ts'
import type { Group } from './groups.ts'

/** A table of text: the first column names the row, the others are numbers. */
export interface Grid {
  head: string[]
  rows: string[][]
}

const gridOf = (cells: MeasuredCell[], columns: [head: string, text: (cell: MeasuredCell) => string][]): Grid => ({
  head: ['case', ...columns.map(([head]) => head)],
  rows: cells.map((cell) => [cell.case, ...columns.map(([, text]) => text(cell))]),
})

/** The strict account beside that of the article's tool. */
export const accounts = ({ cells }: Group): Grid =>
  gridOf(cells.filter(isMeasured), [
    ['connections', (cell) => whole(cell.connections)],
    ['=\u00a0ok', (cell) => whole(cell.ok)],
    ['+\u00a0reset before the request', (cell) => whole(cell.resetsBeforeRequest)],
    ['+\u00a0reset after it', (cell) => whole(cell.resetsAfterRequest)],
    ['+\u00a0refused', (cell) => whole(cell.refused)],
    ['+\u00a0timeouts', (cell) => whole(cell.timeouts)],
    ['+\u00a0short', (cell) => whole(cell.short)],
    ['+\u00a0other', (cell) => whole(cell.other)],
    ['lost (strict)', (cell) => whole(lost(cell))],
    ['errs (inject)', (cell) => whole(cell.injectErrs)],
    ['hits (inject)', (cell) => whole(cell.injectHits)],
    ['resets that inject hides', (cell) => whole(hidden(cell))],
  ])

/** The three counts of resets, with the packets that each leaves out. */
export const threeCounts = ({ cells }: Group): Grid =>
  gridOf(cells.filter(isMeasured), [
    ['generator: resets', (cell) => whole(cell.resets)],
    ['wire: RSTs from the server', (cell) => whole(cell.wire.fromServer)],
    ['kernel: OutRsts', (cell) => whole(cell.wire.outRsts)],
    ["−\u00a0the client's own (kernel only)", (cell) => whole(cell.wire.fromClient)],
    ['−\u00a0refusals', (cell) => whole(cell.wire.refusals)],
    ['−\u00a0repeated', (cell) => whole(cell.wire.repeated)],
    ['−\u00a0after the end', (cell) => whole(cell.wire.afterEnd)],
    ['=\u00a0wire', (cell) => whole(counts(cell).wire)],
    ['=\u00a0kernel', (cell) => whole(counts(cell).kernel)],
    ['agree', (cell) => (counts(cell).agree ? 'yes' : 'NO')],
  ])

/** How each cell ran: the reloads it got, where its parts ran, and how long they waited for a CPU. */
export const runs = ({ cells }: Group): Grid =>
  gridOf(cells.filter(isMeasured), [
    ['reloads', (cell) => whole(cell.reloads)],
    ['a second', (cell) => decimal(cell.reloadsPerSecond)],
    ['ms a reload, p50', (cell) => decimal(cell.reloadMs.p50)],
    ['max', (cell) => decimal(cell.reloadMs.max)],
    ['resets before the first', (cell) => whole(cell.resetsBeforeReloads)],
    ['proxy on CPU', (cell) => cell.pins.proxy],
    ['generator on CPU', (cell) => cell.pins.generator],
    ['vCPU threads on', (cell) => cell.pins.vcpus.join(', ') || '-'],
    [
      'waited for a CPU',
      (cell) => (cell.waited === null ? '-' : `${percent(cell.waited)}${cell.noisy ? ' (noisy)' : ''}`),
    ],
    ['clock', (cell) => cell.clocksource ?? '-'],
    [
      'boot ms',
      (cell) => (cell.bootMs === null ? '-' : `${whole(cell.bootMs)}${cell.boots > 1 ? ` (boot ${cell.boots})` : ''}`),
    ],
    ['seed', (cell) => String(cell.seed)],
  ])

/** Cells that waited too long for a host CPU, in a sentence; nothing when there are none. */
export function noisy(all: Group[]): string {
  const waits = all.flatMap(({ label, cells }) =>
    cells
      .filter((cell) => cell.noisy)
      .map((cell) => `${cell.case}${all.length > 1 ? ` on ${label}` : ''} (${percent(cell.waited ?? 0)})`),
  )
  if (waits.length === 0) return ''
  return `vCPU threads waited more than ${percent(NOISY_ABOVE)} of the time for a host CPU, so latencies and rates are also the machine's: ${list(waits)}`
}

const PARTS = [
  ['before', 'commands before it'],
  ['reload', 'reload, in which the new proxy binds'],
  ['after', 'commands after it'],
  ['closing', 'until the old listener is closed'],
  ['pause', 'pause until the next'],
] as const

/** Resets by the part of the reload in which they came; no rows where that was not recorded or nothing was reset. */
export function parts(all: Group[]): Grid {
  const several = all.length > 1
  const rows = all.flatMap(({ label, cells }) =>
    cells.filter(isMeasured).flatMap(({ case: name, resetsByPart }) => {
      const total = PARTS.reduce((sum, [part]) => sum + resetsByPart[part], 0)
      if (total === 0) return []
      const shares = PARTS.map(([part]) =>
        resetsByPart[part] === 0 ? '0' : `${whole(resetsByPart[part])} (${percent(resetsByPart[part] / total)})`,
      )
      return [[name, ...(several ? [label] : []), whole(total), ...shares]]
    }),
  )
  return { head: ['case', ...(several ? ['kernel'] : []), 'resets', ...PARTS.map(([, words]) => words)], rows }
}

/** Files in the folder of a cell. */
export const FILES = ['events.jsonl', 'console.log', 'command.txt']

/** How to read a report, a paragraph each; `backticks` mark names. */
export const HOW_TO_READ = [
  'A reset is a connection that the server side answered with RST after the client had begun it, counted once however many RSTs it drew. Refused is a SYN answered with RST. Everything that is not ok is lost.',
  'Resets cluster by reload, so the 95 % intervals are drawn from the reloads (bootstrap), not from the connections. Where nothing was reset, “below” is the upper 95 % bound: so large a share of the reloads may still lose some.',
  '`inject` is the tool of the article. To it a reset that comes after the request was sent is a hit, so its `errs` fall when resets only come later: compare them with the strict count in the same row.',
  'p is the probability of a difference at least this large if the case made none (permutation test over the reloads). It is not corrected for the number of comparisons.',
  'Verdicts: `expected` as theory says; `contradicts` it; `inconclusive` when the counts disagree or the controls did not work, so that even a zero says nothing; `failed` when the cell did not end well and has no numbers at all; `skipped` when this kernel cannot run the case.',
  `\`noisy\` is no verdict: while this cell ran, the vCPU threads of its guest were ready and had no host CPU for more than ${percent(NOISY_ABOVE)} of the time (quiet machines: below 5 %). What was counted stays counted; latencies, connections a second and how long a reload took are also those of the machine.`,
  'In a closed loop a client that waits sends nothing meanwhile, which hides part of what a delay costs: `--rate` shows it.',
]

/** What a case's commands are, by moment, ready to be shown as a script. */
export const script = (commands: Record<string, string[]>) =>
  Object.entries(commands)
    .filter(([, lines]) => lines.length > 0)
    .map(([moment, lines]) => `# ${moment}\n${lines.join('\n')}`)
    .join('\n')

/** Cells whose verdict must be seen: all but the expected ones. */
export const conspicuous = (all: Group[]) =>
  all.flatMap((group) => group.cells.filter(({ verdict }) => verdict !== 'expected').map((cell) => ({ group, cell })))

/** "a and b", of the runs that were merged; nothing for a single run. */
export const runNames = (labels: string[] | undefined) => (labels ? list([...new Set(labels)]) : undefined)
