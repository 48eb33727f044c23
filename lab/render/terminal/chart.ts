import asciichart from 'asciichart'
import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { list } from '../../model/text/amounts.ts'
import { CAUSES, causeText, flags } from '../facts/cells/account.ts'
import { bins, bootEnds, decimal, exposure, perReload, zero } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import { painted, wrap } from './fit.ts'

const LABEL = 7
/** What a chart takes where there is room for it. */
const WIDEST = 100
const HEIGHT = 5

/**
 * Resets of each reload for a terminal: the cases of each group that lost connections one below the other, all on one
 * scale, so that they stay apart without colour; those at zero in a line.
 *
 * @param colour whether the stream is a terminal that wants colours
 * @param width in columns; 100 are used at most
 */
export function resetsChart(all: Group[], colour: boolean, width = WIDEST): string {
  const columns = Math.min(width, WIDEST) - LABEL - 1
  return all
    .map((group) => groupChart(group, colour, columns))
    .filter((text) => text !== '')
    .join('\n')
}

function groupChart({ title, cells }: Group, colour: boolean, columns: number): string {
  const reloaded = cells.filter(isMeasured).filter(({ reloads }) => reloads > 0)
  if (reloaded.length === 0) return ''
  const sure = reloaded.filter(({ resets, verdict }) => resets === 0 && verdict !== 'inconclusive')
  const unsure = reloaded.filter(({ resets, verdict }) => resets === 0 && verdict === 'inconclusive')
  const drawn = reloaded.filter(({ resets }) => resets > 0)
  const max = Math.max(...drawn.flatMap((cell) => bins(cell.resetsByReload, columns).means))
  const text = (line: string) => wrap(line, columns + LABEL + 1)
  return [
    ...text(`Resets by reload, ${title}`),
    '',
    ...drawn.map((cell) => caseChart(cell, max, colour, columns)),
    ...sure.flatMap((cell) => text(`${cell.case}: ${zero(cell)}`)),
    ...(unsure.length > 0 ? text(`0 seen, but inconclusive: ${list(unsure.map((cell) => cell.case))}`) : []),
    '',
  ].join('\n')
}

function caseChart(cell: MeasuredCell, max: number, colour: boolean, columns: number): string {
  const { size, means } = bins(cell.resetsByReload, columns)
  const [mean, interval] = perReload(cell)
  const doubts = [cell.verdict === 'inconclusive' ? ['inconclusive'] : [], flags(cell).map(({ word }) => word)].flat()
  const causes = CAUSES.flatMap(([key, cause]) =>
    cell.causes[key] > 0 ? [`${causeText(cell, `${cell.causes[key]}`)} ${cause}`] : [],
  )
  const plot = asciichart.plot(means, {
    min: 0,
    max,
    height: HEIGHT,
    // asciichart counts a whole label as one character of the offset.
    offset: 2,
    format: (value) => `${decimal(value, 1).padStart(LABEL - 1)} `,
  })
  const text = (line: string) => wrap(line, columns + LABEL + 1)
  return [
    ...text(
      `${painted(colour, 'bold', cell.case)}: ${[`${mean} per reload (95 %: ${interval})`, ...doubts].join(', ')}`,
    ),
    ...text(`${exposure(cell)}, a column ${size === 1 ? 'each' : `the mean of ${size}`}; ${causes.join(', ')}`),
    `${plot.replace(/ +$/gm, '')}\n${bootLine(cell, size)}`,
  ].join('\n')
}

/** Below a chart of several boots, where each begins: "^boot 1      ^boot 2". */
function bootLine(cell: MeasuredCell, size: number): string {
  const starts = [0, ...bootEnds(cell)].map((reload) => LABEL + 1 + Math.round(reload / size))
  if (starts.length < 2) return ''
  const line = starts.reduce((text, at, i) => {
    const from = text.length <= at ? text.padEnd(at) : text.slice(0, at)
    return `${from}^boot ${i + 1}`
  }, '')
  return `${line}\n`
}
