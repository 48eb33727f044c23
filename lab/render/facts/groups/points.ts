import { meanInterval } from '../../../measure/statistics/mean.ts'
import { isMeasured, type MeasuredCell } from '../../../model/result.ts'
import { bootEnds, decimal, doubtful, exposure, interval, perReload } from '../cells/numbers.ts'
import type { Group } from './groups.ts'

/** A case's number on a kernel, with its words. */
export interface Point {
  mean: number
  low: number
  high: number
  text: string
  detail: string
  cell: MeasuredCell
}

/** The numbers of a case over the kernels: a point a group, undefined where it has none. */
export interface Track {
  case: string
  points: (Point | undefined)[]
}

/** What is counted over the kernels. */
export type Loss = 'resets' | 'refused'

/** Connections refused in each reload, a list a boot. */
function refusedByBoot({ byBoot, refusedByReload }: MeasuredCell): number[][] {
  const starts = [0, ...bootEnds({ byBoot })]
  return starts.map((start, i) => refusedByReload.slice(start, starts[i + 1]))
}

function pointOf(cell: MeasuredCell, loss: Loss): Point {
  const { mean, low, high } = loss === 'resets' ? cell.resetsPerReload : meanInterval(refusedByBoot(cell), cell.level)
  const [text, detail] =
    loss === 'resets'
      ? perReload(cell)
      : [doubtful(cell, decimal(mean)), high === null ? `in ${exposure(cell)}` : interval(low, high)]
  return { mean, low, high: high ?? mean, text, detail, cell }
}

/** What the cases lost over the kernels: a track for each case that lost any of the kind. */
export function tracksOf(all: Group[], loss: Loss): Track[] {
  const cases = [...new Set(all.flatMap(({ cells }) => cells.map((cell) => cell.case)))]
  return cases
    .map((name) => ({
      case: name,
      points: all.map(({ cells }) => {
        const cell = cells.find((found) => found.case === name)
        return cell && isMeasured(cell) && cell.reloads > 0 ? pointOf(cell, loss) : undefined
      }),
    }))
    .filter(({ points }) => points.some((point) => point && point.cell[loss] > 0))
}
