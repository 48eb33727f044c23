import type { CustomSeriesRenderItem } from 'echarts'
import { isMeasured, type MeasuredCell } from '../measure/result.ts'
import { flags, shown } from './account.ts'
import { axisText, draw, grid, INK, MUTED, RULE } from './draw.ts'
import { bins, bound, decimal, exposure, perReload } from './format.ts'
import type { Cell } from './groups.ts'
import type { Html } from './markup.ts'

const RESET = 'var(--reset)'
const REPLY = 'var(--reply)'
const INJECT = 'var(--inject)'

/** Resets of each reload by what their RSTs tell of themselves, to be stacked; all of one kind where they tell nothing. */
export function stacks({ resetsByReload, repliesByReload }: Pick<MeasuredCell, 'resetsByReload' | 'repliesByReload'>) {
  if (!repliesByReload) return { own: resetsByReload, replies: resetsByReload.map(() => 0) }
  const replies = resetsByReload.map((resets, i) => Math.min(resets, repliesByReload[i]!))
  return { own: resetsByReload.map((resets, i) => resets - replies[i]!), replies }
}

/** Resets of each reload of one cell as stacked columns; `top` is the end of the y axis that all cells share. */
export async function reloadsPlot(cell: MeasuredCell, top: number): Promise<Html> {
  const { own, replies } = stacks(cell)
  const { size, means } = bins(own, 90)
  const above = bins(replies, 90).means
  const last = means.length - 1
  const [mean, interval] = perReload(cell)
  const columns = { type: 'bar', stack: 'resets', silent: true, barCategoryGap: '18%' } as const
  const most = bound(cell)
  return draw(
    {
      grid: grid({ left: 30, right: 6, top: 10, bottom: 22 }),
      xAxis: {
        type: 'category',
        data: means.map((_, i) => String(i * size + 1)),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: MUTED } },
        axisLabel: { ...axisText, interval: (i: number) => i === 0 || i === last },
      },
      yAxis: {
        type: 'value',
        max: top,
        interval: top / 2,
        axisLabel: { ...axisText, formatter: (value: number) => decimal(value, Number.isInteger(value) ? 0 : 1) },
        splitLine: { lineStyle: { color: RULE } },
      },
      title: {
        show: cell.resets === 0,
        text: [`${mean} in ${exposure(cell)}`, ...(most && mean === '0' ? [most] : [])].join('\n'),
        left: 'center',
        top: 16,
        backgroundColor: 'transparent',
        borderColor: 'transparent',
        textStyle: { color: MUTED, fontSize: 12, fontWeight: 'normal', lineHeight: 17 },
      },
      series: [
        { ...columns, data: means, itemStyle: { color: RESET } },
        ...(replies.some(Boolean) ? [{ ...columns, data: above, itemStyle: { color: REPLY } }] : []),
      ],
    },
    270,
    120,
    `Resets by reload, ${cell.case} on ${cell.kernel}`,
    `${cell.reloads} reloads${size > 1 ? `, each column the mean of ${size}` : ''}; ${mean} resets a reload (${interval}), at most ${Math.max(...cell.resetsByReload)}.`,
  )
}

/** Where a shared y axis ends, so that its middle is a round number too. */
export function niceTop(max: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(max, 1)))
  return [1, 2, 3, 4, 5, 6, 8, 10].map((times) => times * step).find((top) => top >= max)!
}

/** The farthest that a cell's row reaches in the comparison. */
export const farthest = ({ resetsPerReload: { mean, high }, ...cell }: MeasuredCell) =>
  Math.max(high ?? mean, shown(cell as MeasuredCell) / Math.max(1, cell.reloads))

/**
 * A bar a case: resets a reload with the 95 % interval as whisker, by cause, and what the article's tool would have
 * shown as a hollow diamond in the same row. A cell without an answer has words instead of a bar.
 *
 * @param end of the x axis, the same for all that are compared
 */
export async function comparisonPlot(cells: Cell[], end: number, title: string): Promise<Html> {
  const [width, row, left] = [720, 34, 124]
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const cell = cells[params.dataIndex]!
    const at = (value: number) => api.coord([value, params.dataIndex]) as [number, number]
    const [zero, y] = at(0)
    const words = (x: number, text: string, fill: string) =>
      ({ type: 'text', x: x + 12, y, style: { text, fill, fontSize: 12, verticalAlign: 'middle' } }) as const
    if (!isMeasured(cell)) return words(zero, 'failed: no number', 'var(--bad)')
    if (cell.reloads === 0) return words(zero, 'no reloads', MUTED)
    const { mean, low, high } = cell.resetsPerReload
    const ends = [low, high ?? mean, shown(cell) / cell.reloads].map((value) => at(value)[0])
    const [lowEnd, highEnd, inject] = ends as [number, number, number]
    const line = (x1: number, y1: number, x2: number, y2: number, stroke: string) =>
      ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth: 1.5, fill: 'none' } }) as const
    const doubts = [
      ...(cell.verdict === 'inconclusive' ? ['inconclusive'] : []),
      ...flags(cell).map(({ word }) => word),
    ]
    const [text, detail] = perReload(cell)
    const whisker = [
      line(lowEnd, y, highEnd, y, INK),
      line(lowEnd, y - 4, lowEnd, y + 4, INK),
      line(highEnd, y - 4, highEnd, y + 4, INK),
    ]
    return {
      type: 'group',
      children: [
        ...byCause(cell).map(({ from, to, fill }) => ({
          type: 'rect' as const,
          shape: { x: at(from)[0], y: y - 8, width: at(to)[0] - at(from)[0], height: 16 },
          style: { fill, opacity: doubts.length > 0 ? 0.45 : 1 },
        })),
        ...(mean > 0 ? whisker : []),
        {
          type: 'polygon',
          shape: {
            points: [
              [inject, y - 6],
              [inject + 6, y],
              [inject, y + 6],
              [inject - 6, y],
            ],
          },
          style: { fill: 'var(--surface)', stroke: INJECT, lineWidth: 2 },
        },
        words(Math.max(highEnd, inject), `${text} (${[detail, ...doubts].join(', ')})`, INK),
      ],
    }
  }
  return draw(
    {
      grid: grid({ left, right: 190, top: 4, bottom: 24 }),
      xAxis: {
        type: 'value',
        min: 0,
        max: end,
        axisLabel: { ...axisText, showMaxLabel: false },
        splitLine: { showMaxLine: false, lineStyle: { color: RULE } },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: cells.map((cell) => cell.case),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: MUTED } },
        axisLabel: { color: INK, fontSize: 12, margin: 14, width: left - 18, overflow: 'truncate' },
      },
      series: [{ type: 'custom', silent: true, renderItem, data: cells.map((_, i) => [0, i]) }],
    },
    width,
    cells.length * row + 28,
    title,
    cells
      .map((cell) =>
        isMeasured(cell)
          ? `${cell.case}: ${perReload(cell).join(', ')}; inject would show ${shown(cell)} of ${cell.resets}`
          : `${cell.case}: failed`,
      )
      .join('. '),
  )
}

/** The parts of a cell's bar, one behind the other, by cause; together they are its resets a reload. */
function byCause({ causes, resetsPerReload: { mean } }: MeasuredCell) {
  const parts = [
    [causes.acceptQueue + causes.completing, RESET],
    [causes.synRecv, REPLY],
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
