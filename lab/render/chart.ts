import asciichart from 'asciichart'
import { isMeasured, type MeasuredCell, type Result } from '../measure/result.ts'
import { wrap } from './fit.ts'
import { bins, decimal, list, painted, perReload } from './format.ts'
import { type Group, groups } from './groups.ts'

const LABEL = 7
const HEIGHT = 5

/**
 * Resets of each reload for a terminal: for each group of cells the cases that lost connections one
 * below the other, all on one scale, so that they stay apart without colour; those at zero in a line.
 *
 * @param colour whether the stream is a terminal that wants colours
 * @param labels the name of each cell's run, when they come from several
 * @param width in characters; more than 100 are not used
 */
export function resetsChart(result: Result, colour: boolean, labels?: string[], width = 100): string {
  return groups(result, labels)
    .map((group) => groupChart(group, colour, Math.min(width, 100)))
    .filter((text) => text !== '')
    .join('\n')
}

function groupChart({ title, cells }: Group, colour: boolean, width: number): string {
  const columns = width - LABEL - 1
  const reloaded = cells.filter(isMeasured).filter(({ reloads }) => reloads > 0)
  if (reloaded.length === 0) return ''
  const sure = reloaded.filter(({ resets, verdict }) => resets === 0 && verdict !== 'inconclusive')
  const unsure = reloaded.filter(({ resets, verdict }) => resets === 0 && verdict === 'inconclusive')
  const drawn = reloaded.filter(({ resets }) => resets > 0)
  const max = Math.max(...drawn.flatMap((cell) => bins(cell.resetsByReload, columns).means))
  const lines = [
    ...wrap(`Resets by reload, ${title}`, width),
    '',
    ...drawn.map((cell) => caseChart(cell, max, columns, colour)),
  ]
  if (sure.length > 0) {
    const bound = decimal(Math.max(...sure.map((cell) => cell.resetsPerReload.high)))
    lines.push(...wrap(`0 in every reload: ${list(sure.map((cell) => cell.case))} (below ${bound} a reload)`, width))
  }
  if (unsure.length > 0)
    lines.push(...wrap(`0 seen, but inconclusive: ${list(unsure.map((cell) => cell.case))}`, width))
  return `${lines.join('\n')}\n`
}

function caseChart(cell: MeasuredCell, max: number, columns: number, colour: boolean): string {
  const { size, means } = bins(cell.resetsByReload, columns)
  const [mean, interval] = perReload(cell)
  const scale = size === 1 ? 'each column = 1 reload' : `each column = mean of ${size} reloads`
  const doubt = cell.verdict === 'inconclusive' ? ', inconclusive' : ''
  const name = painted(colour, 'bold', cell.case)
  const plot = asciichart.plot(means, {
    min: 0,
    max,
    height: HEIGHT,
    // asciichart counts a whole label as one character of the offset.
    offset: 2,
    format: (value) => `${decimal(value, 1).padStart(LABEL - 1)} `,
  })
  const title = `${name}: ${mean} a reload (95 %: ${interval}${doubt}); ${cell.reloads} reloads, ${scale}`
  return `${wrap(title, columns + LABEL + 1).join('\n')}\n${plot.replace(/ +$/gm, '')}\n`
}
