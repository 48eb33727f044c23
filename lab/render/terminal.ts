import type { Result } from '../measure/result.ts'
import { resetsChart } from './chart.ts'
import { groups, severalKernels } from './groups.ts'
import { FEW, notHad } from './matrix.ts'
import { kernelBars, matrixTable } from './overview.ts'
import { summaryTable, WIDTH } from './table.ts'

/**
 * A result for a terminal: the tables, and the resets by reload; of several kernels also the comparison, last, so that
 * it is what stays on the screen. Of more than two kernels the resets by reload are left to the other reports.
 *
 * @param colour whether the stream is a terminal that wants colours
 * @param labels the name of each cell's run, when they come from several
 * @param width of the terminal in columns
 */
export function renderTerminal(result: Result, colour: boolean, labels?: string[], width = WIDTH): string {
  const all = groups(result, labels)
  const parts = [summaryTable(result, colour, labels, width)]
  if (all.length <= FEW) parts.push(resetsChart(result, colour, labels, width))
  if (all.length + notHad(result).length > 1 && all.length > 0) parts.push(matrixTable(result, all, colour, width))
  if (severalKernels(all)) parts.push(kernelBars(result, all, colour, width))
  return `${parts.filter((part) => part !== '').join('\n')}\n`
}
