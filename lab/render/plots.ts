import type * as ECharts from 'echarts'
import type { CustomSeriesRenderItem } from 'echarts'
import { isMeasured, type MeasuredCell } from '../measure/result.ts'
import { shown } from './account.ts'
import { axisText, draw, grid, INK, MUTED, RULE } from './draw.ts'
import { bins, decimal, perReload } from './format.ts'
import type { Cell } from './groups.ts'
import type { Html } from './markup.ts'

const RESET = 'var(--reset)'
const INJECT = 'var(--inject)'

/** Distinct by hue and lightness, by dash and by symbol: the n-th case of a result has the n-th of each. */
const DASHES = ['solid', [6, 3], [2, 3], [9, 3, 2, 3]] as const
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'arrow'] as const
const PALETTE_SIZE = 8

/** Resets of each reload of one cell as columns; `top` is the end of the y axis that all of them share. */
export async function reloadsPlot(cell: MeasuredCell, top: number): Promise<Html> {
  const { size, means } = bins(cell.resetsByReload, 90)
  const last = means.length - 1
  const [mean, interval] = perReload(cell)
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
        text: `${mean} in ${cell.reloads} reloads`,
        left: 'center',
        top: 16,
        backgroundColor: 'transparent',
        borderColor: 'transparent',
        textStyle: { color: MUTED, fontSize: 12, fontWeight: 'normal' },
      },
      series: [{ type: 'bar', silent: true, data: means, itemStyle: { color: RESET }, barCategoryGap: '18%' }],
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
export const farthest = (cell: MeasuredCell) =>
  Math.max(cell.resetsPerReload.high, shown(cell) / Math.max(1, cell.reloads))

/**
 * A bar a case: resets a reload with the 95 % interval as whisker, and what the article's tool would have shown as a
 * hollow diamond in the same row. A cell without an answer has words instead of a bar.
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
    const [barEnd, lowEnd, highEnd, inject] = [mean, low, high, shown(cell) / cell.reloads].map(
      (value) => at(value)[0],
    ) as [number, number, number, number]
    const line = (x1: number, y1: number, x2: number, y2: number, stroke: string) =>
      ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth: 1.5, fill: 'none' } }) as const
    const doubt = cell.verdict === 'inconclusive'
    const [text, detail] = perReload(cell)
    return {
      type: 'group',
      children: [
        {
          type: 'rect',
          shape: { x: zero, y: y - 8, width: barEnd - zero, height: 16, r: 2 },
          style: { fill: RESET, opacity: doubt ? 0.35 : 1, ...(doubt && { stroke: RESET, lineDash: [3, 3] }) },
        },
        line(lowEnd, y, highEnd, y, INK),
        line(lowEnd, y - 4, lowEnd, y + 4, INK),
        line(highEnd, y - 4, highEnd, y + 4, INK),
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
        words(Math.max(highEnd, inject), `${text} (${detail}${doubt && mean > 0 ? ', inconclusive' : ''})`, INK),
      ],
    }
  }
  return draw(
    {
      grid: grid({ left, right: 150, top: 4, bottom: 24 }),
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

/** 99.9 % → 3: as far from 99 % as that is from 90 %. The maximum, 100 %, has no place of its own on this axis. */
const nines = (percentile: number) => -Math.log10(1 - percentile / 100)
const MARKS = [0, 50, 90, 99, 99.9, 99.99]

/**
 * Latency by percentile, a line a case, both axes logarithmic.
 *
 * @param order the case's place in the result, which gives its colour, dash and symbol
 */
export async function latencyPlot(
  cells: MeasuredCell[],
  order: (cell: MeasuredCell) => number,
  title: string,
): Promise<Html> {
  const series = cells.map((cell) => {
    const points = cell.latencyCurve
      .filter(([percentile]) => percentile <= 99.99)
      .map(([percentile, ms]) => [nines(percentile), Math.max(ms, 0.01)])
    const place = order(cell)
    const color = `var(--case${place % PALETTE_SIZE})`
    return {
      name: cell.case,
      type: 'line',
      silent: true,
      clip: false,
      data: points,
      symbol: SYMBOLS[place % SYMBOLS.length],
      symbolSize: 6,
      itemStyle: { color },
      lineStyle: { color, width: 2, type: DASHES[place % DASHES.length] },
    } as ECharts.LineSeriesOption
  })
  return draw(
    {
      legend: {
        top: 0,
        left: 0,
        icon: 'inherit',
        backgroundColor: 'transparent',
        borderColor: 'transparent',
        itemWidth: 34,
        itemHeight: 8,
        itemGap: 18,
        textStyle: { color: INK, fontSize: 12 },
      },
      grid: grid({ left: 58, right: 20, top: 52, bottom: 42 }),
      xAxis: {
        type: 'value',
        min: 0,
        max: 4,
        name: 'percentile of connections',
        nameLocation: 'middle',
        nameGap: 26,
        nameTextStyle: axisText,
        axisLabel: { ...axisText, customValues: MARKS.map(nines), formatter: (value: number) => percentileOf(value) },
        axisTick: { show: true, customValues: MARKS.map(nines), lineStyle: { color: MUTED } },
        axisLine: { show: true, onZero: false, lineStyle: { color: MUTED } },
        splitLine: { show: false },
      },
      yAxis: {
        type: 'log',
        axisLine: { show: false },
        axisTick: { show: false },
        name: 'ms',
        nameTextStyle: { ...axisText, align: 'right', padding: [0, 8, 0, 0] },
        axisLabel: { ...axisText, formatter: (value: number) => value.toLocaleString('en-US') },
        splitLine: { lineStyle: { color: RULE } },
      },
      series,
    },
    720,
    340,
    title,
    cells
      .map(
        (cell) =>
          `${cell.case}: p50 ${decimal(cell.latencyMs.p50)}, p99 ${decimal(cell.latencyMs.p99)}, p99.9 ${decimal(cell.latencyMs.p999)}, max ${decimal(cell.latencyMs.max)} ms`,
      )
      .join('. '),
  )
}

const percentileOf = (place: number) => `${Number((100 * (1 - 10 ** -place)).toFixed(2))}`
