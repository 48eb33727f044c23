import { lossyShare } from '../../measure/measure.ts'
import { meanInterval } from '../../measure/statistics/mean.ts'
import { isMeasured, type MeasuredCell, type Mine, type ResultCell } from '../../model/result.ts'
import { comparable } from './cells/account.ts'
import { bootEnds, decimal } from './cells/numbers.ts'

const DAY = 86_400

/** "5,000 connections a second and 1,440 reloads a day" */
export const mineText = ({ rate, reloads }: Mine) =>
  `${decimal(rate)} connections a second and ${decimal(reloads * DAY)} reloads a day`

/** What the numbers of a case come to for one proxy, whose arrivals and reloads its operator has named. */
export interface Told {
  /** The cell that was nearest. */
  cell: MeasuredCell
  /** Its connections a second. */
  rate: number
  /** Connections lost a day, with their 95 % interval: that of lost connections a reload. Nothing bounds them where none was lost. */
  lost: number
  low: number
  high: number | null
  /** Of none lost: how many reloads a day may lose anything, the 95 % upper bound on their share; null where that is not known. */
  lossy: number | null
  /** Reloads a day. */
  reloads: number
}

/** A point is near where its connections a second are within this factor of the operator's. */
const NEAR = 2

/** Connections a second under the load of a cell: those that arrive, or those that its clients begin. */
export const rateOf = ({ load, begunPerSecond }: MeasuredCell) => load.rate ?? begunPerSecond

/**
 * The cell whose rate of connections is the nearest, by their ratio; open loops count before closed ones, whose clients wait
 * for the proxy instead of arriving. What is in doubt, noisy or overloaded is no point. Undefined where none is near.
 */
export function nearest(cells: ResultCell[], { rate }: Mine): MeasuredCell | undefined {
  const distance = (cell: MeasuredCell) => Math.abs(Math.log(rateOf(cell) / rate))
  return cells
    .filter(isMeasured)
    .filter((cell) => comparable(cell) && distance(cell) <= Math.log(NEAR))
    .toSorted((a, b) => Number(a.load.rate === null) - Number(b.load.rate === null) || distance(a) - distance(b))[0]
}

/** Lost connections by reload, of all kinds: a list a boot. Those that no reload is known for go evenly to all. */
function lostByBoot(cell: MeasuredCell): number[][] {
  const { resetsByReload, refusedByReload, timeouts, short, other, reloads } = cell
  const rest = (timeouts + short + other) / reloads
  const all = resetsByReload.map((count, i) => count + (refusedByReload[i] ?? 0) + rest)
  const starts = [0, ...bootEnds(cell)]
  return starts.map((start, i) => all.slice(start, starts[i + 1]))
}

/** What a case loses a day at the operator's own rate of connections and reloads; undefined where no point is near. */
export function toldFor(cells: ResultCell[], mine: Mine): Told | undefined {
  const cell = nearest(cells, mine)
  if (!cell) return undefined
  const { mean, low, high } = meanInterval(lostByBoot(cell))
  const reloads = DAY * mine.reloads
  return {
    cell,
    rate: rateOf(cell),
    lost: mean * reloads,
    low: low * reloads,
    high: high === null ? null : high * reloads,
    lossy: mean === 0 && cell.exposed ? lossyShare(cell).high * reloads : null,
    reloads,
  }
}
