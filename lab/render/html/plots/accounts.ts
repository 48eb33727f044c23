import type { CustomSeriesRenderItem } from 'echarts'
import { isMeasured, type MeasuredCell, type ResultCell } from '../../../model/result.ts'
import { whole } from '../../../model/text/amounts.ts'
import { CAUSES, causeText, flags, hidden, shown } from '../../facts/cells/account.ts'
import { perReload } from '../../facts/cells/numbers.ts'
import { ceilingText } from '../../tables/outcomes.ts'
import type { Html } from '../markup.ts'
import { axisText, draw, grid, INK, MUTED, nameAxis, REPLY, RESET, RULE } from './draw.ts'

const INJECT = 'var(--inject)'

/** Pixels of a letter of a case's name, which no drawing cuts. */
const LETTER = 7

/** The farthest that a cell's bars reach. */
export const farthest = ({ resetsPerReload: { mean, high } }: MeasuredCell) => high ?? mean

/**
 * Two bars a case: above, resets per reload by cause with the 95 % interval as whisker; below, what the article's tool
 * would have made of the same resets: full what it would have shown as errs, hollow what it would have hidden as hits.
 * A cell without an answer has words instead of bars.
 *
 * @param end of the x axis, the same for all that are compared
 */
export async function accountsPlot(cells: ResultCell[], end: number, title: string): Promise<Html> {
  const left = Math.max(124, ...cells.map((cell) => cell.case.length * LETTER + 22))
  const [width, row] = [left + 656, 44]
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const cell = cells[params.dataIndex]!
    const at = (value: number) => api.coord([value, params.dataIndex]) as [number, number]
    const [zero, middle] = at(0)
    const words = (x: number, y: number, text: string, fill: string) =>
      ({ type: 'text', x: x + 10, y, style: { text, fill, fontSize: 12, verticalAlign: 'middle' } }) as const
    if (!isMeasured(cell)) return words(zero, middle, 'failed: no number', 'var(--bad)')
    if (cell.reloads === 0) return words(zero, middle, 'no reloads', MUTED)
    const { mean, low, high } = cell.resetsPerReload
    const [above, below] = cell.resets > 0 ? [middle - 8, middle + 9] : [middle, middle]
    const [lowEnd, highEnd, saw, all] = [low, high ?? mean, shown(cell) / cell.reloads, mean].map(
      (value) => at(value)[0],
    ) as [number, number, number, number]
    const line = (x1: number, y1: number, x2: number, y2: number, stroke: string) =>
      ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth: 1.5, fill: 'none' } }) as const
    const doubts = [
      ...(cell.verdict === 'inconclusive' ? ['inconclusive'] : []),
      ...flags(cell).map(({ word }) => word),
      ...ceilingText(cell),
    ]
    const [text, detail] = perReload(cell)
    const opacity = cell.verdict === 'inconclusive' || flags(cell).length > 0 ? 0.45 : 1
    const bar = (from: number, to: number, y: number, height: number, style: object) => ({
      type: 'rect' as const,
      shape: { x: from, y: y - height / 2, width: to - from, height },
      style: { opacity, ...style },
    })
    return {
      type: 'group',
      children: [
        ...byCause(cell).map(({ from, to, fill }) => bar(at(from)[0], at(to)[0], above, 13, { fill })),
        ...(mean > 0
          ? [
              line(lowEnd, above, highEnd, above, INK),
              line(lowEnd, above - 4, lowEnd, above + 4, INK),
              line(highEnd, above - 4, highEnd, above + 4, INK),
              bar(saw, all, below, 9, { fill: 'var(--surface)', stroke: INJECT, lineWidth: 1.25 }),
              bar(zero, saw, below, 9, { fill: INJECT }),
              words(
                Math.max(highEnd, all),
                below,
                `inject: ${whole(shown(cell))} as errs, ${whole(hidden(cell))} hidden`,
                MUTED,
              ),
            ]
          : []),
        words(Math.max(highEnd, all), above, `${text} (${[detail, ...doubts].join(', ')})`, INK),
      ],
    }
  }
  return draw(
    {
      grid: grid({ left, right: 280, top: 4, bottom: 24 }),
      xAxis: {
        type: 'value',
        min: 0,
        max: end,
        axisLabel: { ...axisText, showMaxLabel: false },
        splitLine: { showMaxLine: false, lineStyle: { color: RULE } },
      },
      yAxis: {
        ...nameAxis(
          cells.map((cell) => cell.case),
          { color: INK, fontSize: 12, margin: 14 },
        ),
        inverse: true,
      },
      series: [{ type: 'custom', silent: true, renderItem, data: cells.map((_, i) => [0, i]) }],
    },
    width,
    cells.length * row + 28,
    {
      title,
      about: cells.map(inWords).join('. '),
      spots: (at) =>
        cells.map((cell, i) => {
          const [zero, middle] = at([0, i])
          const reach = isMeasured(cell) ? farthest(cell) : 0
          const right = Math.max(at([reach, i])[0], zero + NARROWEST)
          return { x: zero, y: middle - row / 2 + 3, width: right - zero, height: row - 6, text: inWords(cell) }
        }),
    },
  )
}

/** The least width of what a reader can point at. */
const NARROWEST = 60

/** "none: 10.0 resets per reload, 5.7–16.1; accept queue 575, SYN_RECV 4; inject would show 12 of 580" */
function inWords(cell: ResultCell): string {
  if (!isMeasured(cell)) return `${cell.case}: failed`
  const [mean, detail] = perReload(cell)
  const found = CAUSES.filter(([cause]) => cell.causes[cause] > 0)
  const causes = found.map(([cause, words]) => causeText(cell, `${words} ${whole(cell.causes[cause])}`)).join(', ')
  return [
    `${cell.case}: ${cell.reloads === 0 ? detail : `${mean} resets per reload, ${detail}`}`,
    ...(causes ? [causes] : []),
    ...(cell.resets > 0 ? [`inject would show ${whole(shown(cell))} of ${whole(cell.resets)}`] : []),
  ].join('; ')
}

/** The parts of a cell's bar, one behind the other, by cause; together they are its resets per reload. */
function byCause({ causes, resetsPerReload: { mean } }: MeasuredCell) {
  const parts = [
    [causes.acceptQueue + causes.completing, RESET],
    [causes.synRecv + causes.closed, REPLY],
    [causes.unexplained, MUTED],
  ] as const
  const all = parts.reduce((sum, [count]) => sum + count, 0)
  let from = 0
  return parts.flatMap(([count, fill]) => {
    const to = from + (mean * count) / all
    const part = { from, to, fill }
    from = to
    return count > 0 ? [part] : []
  })
}
