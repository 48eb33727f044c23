import type { MeasuredCell, Result } from '../measure/result.ts'
import { CASES, factsOf, KERNELS, resultOf, SIX } from './fixture.ts'
import { cellOf, closed, HALF, type On, SATURATED } from './fixture-cell.ts'

/** Resets by case where the load leaves half of the CPU idle: ack-block loses less than none, syn-delay a few. */
const AT_HALF: Record<string, number[]> = {
  none: [4, 0, 3, 5, 2, 4, 6, 1],
  'ack-block': [1, 0, 2, 0, 1, 0, 3, 0],
  'syn-delay': [0, 0, 0, 0, 0, 0, 0, 1],
}

const bothOn = (name: string, on: On): MeasuredCell[] => [
  cellOf(name, { ...on, load: SATURATED }),
  cellOf(name, { ...on, load: HALF, turns: AT_HALF[name] }),
]

/** For tests: one kernel under the lab's own two loads, which disagree about `ack-block` and `syn-delay`. */
export function twoLoads(): Result {
  const cells = CASES.flatMap((name) => bothOn(name, SIX))
  return resultOf(cells, { kernels: [factsOf(cells[0]!, [])] })
}

/** For tests: eight kernels under both loads. */
export const manyTwoLoads = (): Result =>
  resultOf(KERNELS.flatMap(({ lacks: _, ...on }) => CASES.flatMap((name) => bothOn(name, on))))

/** For tests: a load whose ceiling is 16, which `none` and `ack-block` are at in most of their reloads. */
export const capped = (): Result => {
  const load = closed(20)
  const turns: Record<string, number[]> = { none: [16, 15, 16, 9], 'ack-block': [16, 16, 15, 16] }
  return resultOf(CASES.map((name) => cellOf(name, { ...SIX, load, turns: turns[name] })))
}

const USERS = [1, 4, 20, 80, 200, 400]
const MAXACCEPTS = [1, 4, 8, 64, -1]
const VERSIONS = ['1.7.14', '1.8.30', '2.6.12', '3.0.11']

/** What a proxy loses that accepts so many at a time: what it cannot take in one go, up to what this one can serve. */
function lossesOf(name: string, users: number, maxaccept: number, speed: number): number[] {
  const waiting = maxaccept < 0 ? 0.02 * users : Math.max(0, users - maxaccept)
  const served = speed * Math.max(1, maxaccept)
  const most = name === 'none' ? Math.min(waiting, served) : Math.min(waiting, 2.5 * served)
  return [1, 0.97, 0.5, 0.99, 1, 0.8, 0.2, 1].map((share) => Math.round(share * most))
}

/**
 * For tests: none and ack-block on two kernels, one of them the running one, with four proxies, five maxaccepts and six
 * numbers of connections: 480 cells.
 */
export const loadMap = (versions = VERSIONS): Result =>
  resultOf(
    [SIX, { kernel: '6.18.44', series: '6.18', host: true }].flatMap((on, k) =>
      versions.flatMap((version, v) =>
        MAXACCEPTS.flatMap((maxaccept) =>
          USERS.flatMap((users) =>
            ['none', 'ack-block'].map((name) => {
              const turns = lossesOf(name, users, maxaccept, (k + 1) * (v + 3))
              return cellOf(name, { ...on, version, maxaccept, load: closed(users), turns })
            }),
          ),
        ),
      ),
    ),
  )
