import type { CustomSeriesRenderItem } from 'echarts'
import { isMeasured, type MeasuredCell } from '../../../model/result.ts'
import { flags, hidden, shown } from '../../facts/account.ts'
import { ceilingWord } from '../../facts/beside.ts'
import { byBootText } from '../../facts/details.ts'
import { bins, decimal, perReload, whole } from '../../facts/format.ts'
import type { Cell } from '../../facts/groups.ts'
import type { Html } from '../markup.ts'
import { axisText, draw, grid, INK, MUTED, RULE } from './draw.ts'

const RESET = 'var(--reset)'
const REPLY = 'var(--reply)'
const INJECT = 'var(--inject)'

/** Resets of each reload by what their RSTs tell of themselves, to be stacked; all of one kind where they tell nothing. */
export function stacks({ resetsByReload, repliesByReload }: Pick<MeasuredCell, 'resetsByReload' | 'repliesByReload'>) {
  if (!repliesByReload) return { own: resetsByReload, replies: resetsByReload.map(() => 0) }
  const replies = resetsByReload.map((resets, i) => Math.min(resets, repliesByReload[i]!))
  return { own: resetsByReload.map((resets, i) => resets - replies[i]!), replies }
}

/** The most columns of a chart of reloads. */
const COLUMNS = 90

/**
 * Resets of each reload of one cell as stacked columns, with a thin line where a boot ends; `top` is the end of the y
 * axis that all cells share. Columns of a kind are one path: a report has hundreds of such charts.
 */
export async function reloadsPlot(cell: MeasuredCell, top: number): Promise<Html> {
  const { own, replies } = stacks(cell)
  const { size, means } = bins(own, COLUMNS)
  const above = bins(replies, COLUMNS).means
  const last = means.length - 1
  const [mean, interval] = perReload(cell)
  const ends = bootEnds(cell)
  const renderItem: CustomSeriesRenderItem = (_, api) => {
    const [first, base] = api.coord([0, 0]) as [number, number]
    const [band] = api.size!([1, 0]) as number[]
    const left = first - band! / 2
    const height = (value: number) => base - (api.coord([0, value]) as [number, number])[1]
    const columns = (from: number[], to: number[], stroke: string) => {
      const parts = to.flatMap((value, i) => {
        const [x, y] = [left + band! * (i + 0.5), base - height(from[i]!)]
        return value === 0 ? [] : [`M${round(x)} ${round(y)}V${round(y - height(value))}`]
      })
      const style = { stroke, lineWidth: round(band! * 0.82), fill: 'none' }
      return parts.length > 0 ? [{ type: 'path' as const, shape: { pathData: parts.join('') }, style }] : []
    }
    const borders = ends.map((reload) => {
      const x = round(left + (band! * reload) / size)
      return {
        type: 'line' as const,
        shape: { x1: x, y1: base - height(top), x2: x, y2: base + 4 },
        style: { stroke: MUTED, lineWidth: 1, lineDash: [2, 2], fill: 'none' },
      }
    })
    const nothing = means.map(() => 0)
    return {
      type: 'group',
      children: [...columns(nothing, means, RESET), ...columns(means, above, REPLY), ...borders],
    }
  }
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
      series: [{ type: 'custom', silent: true, clip: false, renderItem, data: [[0, 0]] }],
    },
    270,
    120,
    `Resets by reload, ${cell.case} on ${cell.kernel}`,
    `${cell.reloads} reloads${size > 1 ? `, each column the mean of ${size}` : ''}; ${mean} resets a reload (${interval}), at most ${Math.max(...cell.resetsByReload)}; by boot ${byBootText(cell)}.`,
  )
}

const round = (pixels: number) => Math.round(pixels * 10) / 10

/** After which reload each boot but the last ends. */
export function bootEnds({ byBoot }: Pick<MeasuredCell, 'byBoot'>): number[] {
  let reloads = 0
  return byBoot.slice(0, -1).map((boot) => (reloads += boot.reloads))
}

/** Where a shared y axis ends, so that its middle is a round number too. */
export function niceTop(max: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(max, 1)))
  return [1, 2, 3, 4, 5, 6, 8, 10].map((times) => times * step).find((top) => top >= max)!
}

/** The farthest that a cell's row reaches in the comparison. */
export const farthest = ({ resetsPerReload: { mean, high } }: MeasuredCell) => high ?? mean

/**
 * Two bars a case: above, resets a reload by cause with the 95 % interval as whisker; below, what the article's tool
 * would have made of the same resets: full what it would have shown as errs, hollow what it would have hidden as hits.
 * A cell without an answer has words instead of bars.
 *
 * @param end of the x axis, the same for all that are compared
 */
export async function comparisonPlot(cells: Cell[], end: number, title: string): Promise<Html> {
  const [width, row, left] = [780, 44, 124]
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
      ...ceilingWord(cell),
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
