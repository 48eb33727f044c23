import type { CustomSeriesRenderItem } from 'echarts'
import type { MeasuredCell } from '../../../model/result.ts'
import { counted, whole } from '../../../model/text/amounts.ts'
import { bins, bootEnds, decimal, perReload } from '../../facts/cells/numbers.ts'
import { byBootText } from '../../tables/running.ts'
import type { Html } from '../markup.ts'
import { draw, grid, MUTED, nameAxis, numberAxis, REPLY, RESET } from './draw.ts'

/** Resets of each reload by what their RSTs show, to be stacked; all of one kind where that is not known. */
export function stacks({ resetsByReload, repliesByReload }: Pick<MeasuredCell, 'resetsByReload' | 'repliesByReload'>) {
  if (!repliesByReload) return { own: resetsByReload, replies: resetsByReload.map(() => 0) }
  const replies = resetsByReload.map((resets, i) => Math.min(resets, repliesByReload[i]!))
  return { own: resetsByReload.map((resets, i) => resets - replies[i]!), replies }
}

const WIDTH = 270

/** The most columns of a chart of reloads. */
export const COLUMNS = 90

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
      xAxis: nameAxis(
        means.map((_, i) => String(i * size + 1)),
        { interval: (i: number) => i === 0 || i === last },
      ),
      yAxis: {
        ...numberAxis([0, top / 2, top], (value) => decimal(value, Number.isInteger(value) ? 0 : 1)),
        max: top,
        interval: top / 2,
      },
      series: [{ type: 'custom', silent: true, clip: false, renderItem, data: [[0, 0]] }],
    },
    WIDTH,
    120,
    {
      title: `Resets by reload, ${cell.case} on ${cell.kernel}`,
      about: `${cell.reloads} reloads${size > 1 ? `, each column the mean of ${size}` : ''}; ${mean} resets per reload (${interval}), at most ${Math.max(...cell.resetsByReload)}; by boot ${byBootText(cell)}.`,
      spots: (at) => {
        const [start, base] = at([0, 0])
        const band = (at([last, 0])[0] - start) / Math.max(last, 1) || WIDTH
        const ceiling = at([0, top])[1]
        return apart(means.map((mean, i) => mean + above[i]!)).map(({ from, to }) => ({
          x: start + band * (from - 0.5),
          y: ceiling,
          width: band * (to - from + 1),
          height: base - ceiling,
          text: columnText(from * size, Math.min((to + 1) * size, cell.reloads), own, replies),
        }))
      },
    },
  )
}

/** The places of columns, each alone; those side by side that show nothing are one. */
export function apart(heights: number[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  for (const [place, height] of heights.entries()) {
    const run = runs.at(-1)
    if (run && height === 0 && heights[run.to] === 0) run.to = place
    else runs.push({ from: place, to: place })
  }
  return runs
}

/** "reload 7: 12 resets, 3 of them in reply to a segment"; of several reloads their sum. */
export function columnText(from: number, until: number, own: number[], replies: number[]): string {
  const sum = (counts: number[]) => counts.slice(from, until).reduce((all, count) => all + count, 0)
  const [answered, all] = [sum(replies), sum(own) + sum(replies)]
  const where = until - from === 1 ? `reload ${until}` : `reloads ${from + 1} to ${until}`
  return `${where}: ${counted(all, 'reset')}${answered > 0 ? `, ${whole(answered)} in reply to a segment` : ''}`
}

const round = (pixels: number) => Math.round(pixels * 10) / 10

/** Where a shared y axis ends, so that its middle is a round number too. */
export function niceTop(max: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(max, 1)))
  return [1, 2, 3, 4, 5, 6, 8, 10].map((times) => times * step).find((top) => top >= max)!
}
