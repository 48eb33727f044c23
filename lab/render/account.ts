import { disagreements } from '../measure/reconcile.ts'
import type { MeasuredCell } from '../measure/result.ts'
import { counted, decimal, percent, whole } from './format.ts'

/** Connections that got no complete response, whatever became of them. */
export const lost = (cell: MeasuredCell) => cell.connections - cell.ok

/** Lost, but neither reset nor refused. */
export const lostOtherwise = (cell: MeasuredCell) => cell.timeouts + cell.short + cell.other

/** Whether the numbers answer the question: reloads were made, and nothing speaks against the counts. */
export const answers = (cell: MeasuredCell) => cell.reloads > 0 && cell.verdict !== 'inconclusive'

/** The three counts of resets, each by its own arithmetic. */
export interface Counts {
  generator: number
  /** RST packets from the server's port, less those that cost no connection or cost one again. */
  wire: number
  /** OutRsts, less the same and the client's own. */
  kernel: number
  /** By the one definition that verdicts go by, too. */
  agree: boolean
}

export function counts(cell: MeasuredCell): Counts {
  const { resets, wire } = cell
  const costNothing = wire.refusals + wire.repeated + wire.afterEnd
  return {
    generator: resets,
    wire: wire.fromServer - costNothing,
    kernel: wire.outRsts - wire.fromClient - costNothing,
    agree: disagreements(cell).length === 0,
  }
}

/** Resets that the article's tool would have counted as errors: its errs, less what was refused or failed otherwise. */
export const shown = ({ resets, injectErrs, refused, other }: MeasuredCell) =>
  Math.min(resets, Math.max(0, injectErrs - refused - other))

/** Resets that it would have counted as hits. */
export const hidden = (cell: MeasuredCell) => cell.resets - shown(cell)

/**
 * What a case costs those it does not lose, in words; empty when nothing shows. Only what stands out is named: twice
 * as many slow connections as `base` has, half again its p99, three quarters of its connections a second: an emulated guest on a shared machine varies
 * by less than that.
 */
export function price(cell: MeasuredCell, base?: MeasuredCell): string[] {
  const slowShare = ({ slow, connections }: MeasuredCell) => slow / Math.max(1, connections)
  const costs: string[] = []
  if (cell.slow > 0 && (!base || slowShare(cell) > 2 * slowShare(base)))
    costs.push(
      `${counted(cell.slow, 'connection')} (${percent(slowShare(cell))}) took longer than ${whole(cell.load.slowMs)} ms, the longest ${decimal(cell.latencyMs.max)} ms`,
    )
  if (base && cell.latencyMs.p99 >= 1.5 * base.latencyMs.p99)
    costs.push(`p99 was ${decimal(cell.latencyMs.p99)} ms instead of ${decimal(base.latencyMs.p99)} ms`)
  if (base && cell.throughput <= 0.75 * base.throughput)
    costs.push(`${percent(1 - cell.throughput / base.throughput)} fewer connections a second`)
  return costs
}
