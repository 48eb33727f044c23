import type * as ECharts from 'echarts'
import type { CustomSeriesRenderItem } from 'echarts'
import { undisturbed } from '../../facts/cells/account.ts'
import { decimal } from '../../facts/cells/numbers.ts'
import type { Group } from '../../facts/groups/groups.ts'
import type { Track } from '../../facts/groups/points.ts'
import type { Html } from '../markup.ts'
import { draw, grid, INK, MUTED, nameAxis, numberAxis } from './draw.ts'
import { niceTop } from './reloads.ts'

/** A y axis that all plots of a kind share. */
export interface Scale {
  /** From a number to its place on the axis. */
  place: (value: number) => number
  ticks: number[]
  logarithmic: boolean
}

/** From this ratio of the largest to the median on, a linear axis shows the others as a line at zero. */
const TOO_FAR = 40

/** A scale for all numbers of some tracks: linear, or by the logarithm of 1 + n where one is far above the others. */
export function scaleOf(all: Track[]): Scale {
  const points = all.flatMap(({ points }) => points.flatMap((point) => point ?? []))
  const top = Math.max(...points.map(({ high }) => high), 0)
  const means = points.map(({ mean }) => mean).filter((mean) => mean > 0)
  const middle = means.toSorted((a, b) => a - b)[Math.floor(means.length / 2)] ?? top
  if (top <= TOO_FAR * middle) {
    const end = niceTop(top * 1.15)
    return { place: (value) => value, ticks: [0, end / 2, end], logarithmic: false }
  }
  const powers = Math.ceil(Math.log10(top * 1.15))
  const place = (value: number) => Math.log10(1 + value)
  return { place, ticks: [0, ...Array.from({ length: powers + 1 }, (_, i) => 10 ** i)], logarithmic: true }
}

/**
 * A case over the kernels, oldest to the left: means with their 95 % intervals as whiskers. Kernels that were run
 * alike are joined by a line; those run otherwise (the host's own among emulated ones) stand hollow beside it.
 *
 * @param colour a CSS colour
 * @param what is counted: "resets"
 */
export async function kernelsPlot(
  track: Track,
  all: Group[],
  scale: Scale,
  colour: string,
  what: string,
): Promise<Html> {
  const { place } = scale
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const point = track.points[params.dataIndex]
    const at = (value: number) => api.coord([params.dataIndex, place(value)]) as [number, number]
    const [x, zero] = at(0)
    if (!point)
      return { type: 'text', x, y: zero - 9, style: { text: '–', fill: MUTED, fontSize: 12, align: 'center' } }
    const [low, high] = [at(point.low)[1], at(point.high)[1]]
    const line = (x1: number, y1: number, x2: number, y2: number) =>
      ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: INK, lineWidth: 1.25, fill: 'none' } }) as const
    const text = undisturbed(point.cell) ? point.text : `${point.text} ~`
    return {
      type: 'group',
      children: [
        line(x, low, x, high),
        line(x - 4, low, x + 4, low),
        line(x - 4, high, x + 4, high),
        {
          type: 'text',
          x,
          y: Math.min(high - 6, zero - 9),
          style: { text, fill: INK, fontSize: 11, align: 'center', verticalAlign: 'bottom' },
        },
      ],
    }
  }
  /** "6.1 half: 10.0 (5.7 to 16.1)" */
  const inWords = (i: number) => {
    const point = track.points[i]
    return `${all[i]!.label}: ${point ? `${decimal(point.mean)} (${decimal(point.low)} to ${decimal(point.high)})` : 'no number'}`
  }
  const [width, left, right] = [560, 46, 12]
  const step = (width - left - right) / all.length
  return draw(
    {
      grid: grid({ left, right, top: 14, bottom: 34 }),
      xAxis: nameAxis(
        all.map(({ label }) => label),
        { color: INK, interval: 0, width: step - 4, overflow: 'break', lineHeight: 13 },
      ),
      yAxis: {
        ...numberAxis(scale.ticks.map(place), (value) => tickText(scale, value)),
        min: 0,
        max: place(scale.ticks.at(-1)!),
      },
      series: [
        ...joined(all).map(
          (members, i): ECharts.LineSeriesOption => ({
            type: 'line',
            silent: true,
            clip: false,
            connectNulls: true,
            data: track.points.map((point, at) => (point && members.includes(at) ? place(point.mean) : null)),
            symbol: 'circle',
            symbolSize: 8,
            itemStyle: { color: i === 0 ? colour : 'var(--surface)', borderColor: colour, borderWidth: 2 },
            lineStyle: { color: colour, width: 2, type: i === 0 ? 'solid' : [4, 4] },
          }),
        ),
        { type: 'custom', silent: true, clip: false, renderItem, data: all.map((_, i) => [i, 0]), z: 3 },
      ],
    },
    width,
    210,
    {
      title: `${track.case}: ${what} per reload over the kernels`,
      about: all.map((_, i) => inWords(i)).join('. '),
      spots: (at) =>
        track.points.flatMap((point, i) => {
          if (!point) return []
          const [x, top] = at([i, place(point.high)])
          const [, bottom] = at([i, place(point.low)])
          return { x: x - 10, y: top - 10, width: 20, height: bottom - top + 20, text: inWords(i) }
        }),
    },
  )
}

const tickText = ({ ticks, place }: Scale, value: number) => {
  const tick = ticks.find((one) => Math.abs(place(one) - value) < 1e-9) ?? value
  return decimal(tick, Number.isInteger(tick) ? 0 : 1)
}

/** The places of groups that were run alike, the largest set first. A kernel that is there twice joins nothing. */
export function joined(all: Group[]): number[][] {
  const sets = new Map<string, number[]>()
  for (const [i, { kernel, likeness }] of all.entries()) {
    const members = sets.get(likeness) ?? []
    const twice = members.some((other) => all[other]!.kernel === kernel)
    const key = twice ? `${likeness} ${i}` : likeness
    sets.set(key, [...(sets.get(key) ?? []), i])
  }
  return [...sets.values()].sort((a, b) => b.length - a.length)
}
