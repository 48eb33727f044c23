import type { Result } from '../../model/result.ts'
import { groups, severalKernels } from '../facts/groups.ts'
import { type LoadMap, loadMapOf, MAP_LEGEND, mapTables } from '../facts/loadmap.ts'
import { big, brief, hasMatrix, many } from '../facts/matrix.ts'
import { cappedWords } from '../sentences/capped.ts'
import { besideTables } from './beside.ts'
import { resetsChart } from './chart.ts'
import { lineless } from './columns.ts'
import { wrap } from './fit.ts'
import { kernelBars, matrixTable } from './overview.ts'
import { summaryNotes, summaryTable, WIDTH } from './summary.ts'

/**
 * A result for a terminal: first what is at the ceiling of its load; the tables, and the resets by reload; of several
 * loads their cases side by side, of several kernels the comparison, last, so that it is what stays on the screen. Of
 * more than two kernels the resets by reload are left to the other reports, of very many cells each cell's rows.
 *
 * @param colour whether the stream is a terminal that wants colours
 * @param labels the name of each cell's run, when they come from several
 * @param width of the terminal in columns
 */
export function renderTerminal(result: Result, colour: boolean, labels?: string[], width = WIDTH): string {
  const all = groups(result, labels)
  const map = loadMapOf(all)
  const capped = cappedWords(all).map((words) => words.replaceAll('`', ''))
  const parts = [
    capped.length > 0 ? `${wrap(`capped: ${capped.join(' ')}`, width).join('\n')}\n` : '',
    brief(all) ? summaryNotes(result, colour, all) : summaryTable(result, colour, labels, width),
    many(all) || big(all) ? '' : resetsChart(result, colour, labels, width),
    big(all) ? '' : besideTables(all, width),
    hasMatrix(result, all) ? matrixTable(result, all, colour, width) : '',
    severalKernels(all) && !big(all) ? kernelBars(result, all, colour, width) : '',
    map ? mapText(map, width) : '',
  ]
  return `${parts.filter((part) => part !== '').join('\n')}\n`
}

function mapText(map: LoadMap, width: number): string {
  const tables = mapTables(map).map(
    ({ title, head, rows }) =>
      `${title}\n${lineless(
        head,
        rows,
        head.map(() => 'right' as const),
        width,
        2,
      )}\n`,
  )
  const lead = ['Resets a reload by connections', ...wrap(MAP_LEGEND.replace('’', "'"), width)]
  return [...lead, '', ...tables].join('\n')
}
