import type * as ECharts from 'echarts'
import type { MeasuredCell } from '../../../model/result.ts'
import { undisturbed } from '../../facts/cells/account.ts'
import { decimal } from '../../facts/cells/numbers.ts'
import type { Html } from '../markup.ts'
import { axisText, axisTitle, draw, grid, INK, MUTED, numberAxis, RULE } from './draw.ts'

/** Distinct by hue and lightness, by dash and by symbol: the n-th case of a result has the n-th of each. */
const DASHES = ['solid', [6, 3], [2, 3], [9, 3, 2, 3]] as const
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'arrow'] as const
const PALETTE_SIZE = 8

/** 99.9 % → 3: as far from 99 % as that is from 90 %. The maximum, 100 %, has no place of its own on this axis. */
const nines = (percentile: number) => -Math.log10(1 - percentile / 100)
const MARKS = [0, 50, 90, 99, 99.9, 99.99]

/** Pixels: the picture, and a name in its legend. */
const [WIDTH, ICON, GAP, LETTER] = [720, 34, 18, 7.5]

/** Pixels below the picture, and the width of the band in which a reader can point at a percentile. */
const [BOTTOM, BAND] = [42, 18]

/** A case in the legend; marked where something disturbed it. */
const nameOf = (cell: MeasuredCell) => (undisturbed(cell) ? cell.case : `${cell.case} ~`)

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
    const points = drawn(cell).map(([percentile, ms]) => [nines(percentile), Math.max(ms, 0.01)])
    const place = order(cell)
    const color = `var(--case${place % PALETTE_SIZE})`
    return {
      name: nameOf(cell),
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
  const names = cells.map((cell) => nameOf(cell).length * LETTER + ICON + GAP)
  const percentiles = [...new Set(cells.flatMap((cell) => drawn(cell).map(([percentile]) => percentile)))]
  const lines = Math.ceil(names.reduce((sum, width) => sum + width, 0) / (WIDTH - 60))
  const [top, height] = [26 + 26 * lines, 314 + 26 * lines]
  return draw(
    {
      legend: {
        top: 0,
        left: 0,
        icon: 'inherit',
        backgroundColor: 'transparent',
        borderColor: 'transparent',
        itemWidth: ICON,
        itemHeight: 8,
        itemGap: GAP,
        textStyle: { color: INK, fontSize: 12 },
      },
      grid: grid({ left: 58, right: 20, top, bottom: BOTTOM }),
      xAxis: {
        ...numberAxis(MARKS.map(nines), percentileOf),
        ...axisTitle('percentile of connections', 26),
        min: 0,
        max: 4,
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
    WIDTH,
    height,
    {
      title,
      about: cells
        .map(
          (cell) =>
            `${cell.case}: p50 ${decimal(cell.latencyMs.p50)}, p99 ${decimal(cell.latencyMs.p99)}, p99.9 ${decimal(cell.latencyMs.p999)}, max ${decimal(cell.latencyMs.max)} ms`,
        )
        .join('. '),
      spots: (at) =>
        percentiles.map((percentile) => {
          const [middle] = at([nines(percentile), 1])
          return {
            x: middle - BAND / 2,
            y: top,
            width: BAND,
            height: height - top - BOTTOM,
            text: latenciesAt(cells, percentile),
          }
        }),
    },
  )
}

/** The points of a curve that have a place on the axis. */
const drawn = ({ latencyCurve }: MeasuredCell) => latencyCurve.filter(([percentile]) => percentile <= 99.99)

/** "p99: none 2.30 ms, fd-passing 2.50 ms" */
const latenciesAt = (cells: MeasuredCell[], percentile: number) =>
  `p${percentile}: ${cells
    .flatMap((cell) =>
      drawn(cell).flatMap(([at, ms]) => (at === percentile ? [`${nameOf(cell)} ${decimal(ms)} ms`] : [])),
    )
    .join(', ')}`

const percentileOf = (place: number) => `${Number((100 * (1 - 10 ** -place)).toFixed(2))}`
