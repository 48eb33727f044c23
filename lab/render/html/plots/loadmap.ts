import type * as ECharts from 'echarts'
import { isMeasured } from '../../../model/result.ts'
import { whole } from '../../../model/text/amounts.ts'
import { atCeiling, flags } from '../../facts/cells/account.ts'
import { loadDetail, maxacceptText } from '../../facts/cells/conditions.ts'
import { AXIS_WORDS, type LoadMap, type MapLine, type MapPanel, mapText, placeOn } from '../../facts/groups/loadmap.ts'
import type { Html } from '../markup.ts'
import { around, axisTitle, draw, grid, MUTED, numberAxis } from './draw.ts'

const [WIDTH, HEIGHT] = [300, 210]
/** Where the y axis turns from linear to logarithmic: 0, 0.1 and 300 are all to be read. */
const TURN = 0.1
const place = (resets: number) => Math.log10(1 + resets / TURN)
const TICKS = [0, 0.1, 1, 10, 100, 1000, 10_000]
/** Points of a ceiling's curve. */
const STEPS = 14

/** The n-th maxaccept of a result has the n-th colour. */
export const colourOf = (map: LoadMap, maxaccept: number) => `var(--case${map.maxaccepts.indexOf(maxaccept) % 8})`

/** The end of the y axis that all panels share. */
const topOf = ({ panels }: LoadMap) =>
  Math.max(
    1,
    ...panels.flatMap(({ lines }) =>
      lines.flatMap(({ cells }) => cells.filter(isMeasured).map((cell) => cell.resetsPerReload.mean)),
    ),
  )

/** A panel of the load map: resets per reload by connections, a line a maxaccept, its ceiling dashed. */
export async function mapPlot(map: LoadMap, panel: MapPanel): Promise<Html> {
  const top = TICKS.find((tick) => tick >= topOf(map)) ?? topOf(map)
  const [least, most] = [Math.min(...map.loads), Math.max(...map.loads)]
  const ticks = TICKS.filter((tick) => tick <= top)
  return draw(
    {
      grid: grid({ left: 52, right: 12, top: 10, bottom: 40 }),
      xAxis: {
        ...numberAxis(spread(map.loads).map(Math.log10), (value) => whole(10 ** value)),
        ...axisTitle(AXIS_WORDS[map.axis], 24),
        min: Math.log10(least) - 0.06,
        max: Math.log10(most) + 0.06,
        axisLine: { lineStyle: { color: MUTED } },
        splitLine: { show: false },
      },
      yAxis: {
        ...numberAxis(ticks.map(place), (value) => `${Number(((10 ** value - 1) * TURN).toPrecision(3))}`),
        ...axisTitle('resets per reload', 38),
        min: 0,
        max: place(top),
      },
      series: panel.lines.flatMap((line) => [
        ...(map.axis === 'connections' ? ceilingSeries(line, [least, most], top, colourOf(map, line.maxaccept)) : []),
        lineSeries(map, line),
      ]),
    },
    WIDTH,
    HEIGHT,
    {
      title: `${panel.case} with ${panel.proxy} on ${panel.kernel}: resets per reload by ${AXIS_WORDS[map.axis]}`,
      about: panel.lines
        .map(
          ({ maxaccept, cells }) =>
            `maxaccept ${maxacceptText(maxaccept)}: ${cells.map((cell) => `${placeOn(map.axis, cell.load)}: ${mapText(cell)}`).join(', ')}`,
        )
        .join('. '),
      spots: (at) =>
        panel.lines.flatMap(({ maxaccept, cells }) =>
          cells
            .filter(isMeasured)
            .map((cell) =>
              around(
                at([Math.log10(placeOn(map.axis, cell.load)!), place(cell.resetsPerReload.mean)]),
                7,
                `maxaccept ${maxacceptText(maxaccept)}, ${loadDetail(cell.load)}: ${mapText(cell)} resets per reload`,
              ),
            ),
        ),
    },
  )
}

/** The numbers that have room for their labels on a logarithmic axis. */
function spread(users: number[]): number[] {
  const room = (Math.log10(users.at(-1)!) - Math.log10(users[0]!)) / 9
  return users.filter((count, i) => i === 0 || Math.log10(count) - Math.log10(users[i - 1]!) > room)
}

function lineSeries(map: LoadMap, { maxaccept, cells }: MapLine): ECharts.LineSeriesOption {
  const colour = colourOf(map, maxaccept)
  return {
    type: 'line',
    silent: true,
    clip: false,
    data: cells.filter(isMeasured).map((cell) => ({
      value: [Math.log10(placeOn(map.axis, cell.load)!), place(cell.resetsPerReload.mean)],
      itemStyle: {
        color: atCeiling(cell) ? 'var(--surface)' : colour,
        opacity: flags(cell).length > 0 || cell.verdict === 'inconclusive' ? 0.45 : 1,
      },
    })),
    symbol: 'circle',
    symbolSize: 6,
    itemStyle: { borderColor: colour, borderWidth: 1.5 },
    lineStyle: { color: colour, width: 1.75 },
    z: 3,
  }
}

/** The most that a reload can lose with so many connections: users − maxaccept. None where all are accepted at once. */
function ceilingSeries(
  { maxaccept }: MapLine,
  [least, most]: [number, number],
  top: number,
  colour: string,
): ECharts.LineSeriesOption[] {
  const from = Math.max(least, maxaccept + TURN)
  if (maxaccept < 0 || from >= most) return []
  const users = Array.from({ length: STEPS + 1 }, (_, i) => from * (most / from) ** (i / STEPS))
  const near = maxaccept >= least ? [0.3, 1, 3].map((more) => maxaccept + more).filter((count) => count < most) : []
  return [
    {
      type: 'line',
      silent: true,
      symbol: 'none',
      data: [...users, ...near]
        .sort((a, b) => a - b)
        .filter((count) => count - maxaccept <= top)
        .map((count) => [Number(Math.log10(count).toFixed(3)), Number(place(count - maxaccept).toFixed(3))]),
      lineStyle: { color: colour, width: 1, type: [4, 3], opacity: 0.7 },
    },
  ]
}

/** The ceiling at the most connections, for the legend: "ceiling at 400: 396". */
export function ceilingLabel({ loads }: LoadMap, maxaccept: number) {
  const most = Math.max(...loads)
  return maxaccept < 0 || maxaccept >= most ? 'no ceiling' : `ceiling at ${whole(most)}: ${whole(most - maxaccept)}`
}
