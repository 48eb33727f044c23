import { whole } from '../../model/text/amounts.ts'
import { type BenchBoot, timeBoot } from './boot.ts'
import type { Pair } from './pairs.ts'
import type { Side } from './side.ts'

/** The sides in each round, every other time from the last to the first: what drifts meets all alike. */
export const inTurns = <T>(sides: T[], rounds: number): T[][] =>
  Array.from({ length: rounds }, (_, i) => (i % 2 ? sides.toReversed() : sides))

/** Boots of each cell on each side, one at a time, by turns: the boots of a cell in one round come one behind the other. */
export async function bootsInTurns(sides: Side[], rounds: number, signal: AbortSignal): Promise<BenchBoot[]> {
  const boots: BenchBoot[] = []
  for (const [i, turn] of inTurns(sides, rounds).entries())
    for (const at of sides[0]!.cells.keys())
      for (const side of turn) {
        const boot = await timeBoot(side, side.cells[at]!, i + 1, signal)
        boots.push(boot)
        process.stderr.write(`round ${i + 1}, ${side.name}, ${boot.cell}: ${summary(boot)}\n`)
      }
  return boots
}

function summary({ seconds, told }: BenchBoot): string {
  if ('failed' in told) return `failed: ${told.failed}`
  const { resets, reloads, perSecond } = told
  return `${seconds.toFixed(1)} s, ${resets} resets in ${reloads} reloads, ${whole(perSecond)} a second`
}

/** A boot that ended well. */
export type ToldBoot = BenchBoot & { told: Exclude<BenchBoot['told'], { failed: string }> }

export const ended = (boots: BenchBoot[]): ToldBoot[] =>
  boots.filter((boot): boot is ToldBoot => !('failed' in boot.told))

/** A number of a boot; null where it has none. */
export type Value = (boot: ToldBoot) => number | null

/** What each of two sides measured of a cell in the same round, wherever both did. */
export function pairsOf(boots: BenchBoot[], [one, other]: readonly [string, string], value: Value): Pair[] {
  const all = ended(boots)
  return all
    .filter(({ side }) => side === one)
    .flatMap((boot) => {
      const beside = all.find(({ side, cell, round }) => side === other && cell === boot.cell && round === boot.round)
      const [first, second] = [value(boot), beside ? value(beside) : null]
      return first === null || second === null ? [] : [[first, second] as const]
    })
}

/** What a side measured, wherever it did. */
export const valuesOf = (boots: BenchBoot[], of: string, value: Value): number[] =>
  ended(boots)
    .filter(({ side }) => side === of)
    .map(value)
    .filter((one) => one !== null)

/** Boots that failed, a line each. */
export const failures = (boots: BenchBoot[]): string[] =>
  boots.flatMap(({ side, cell, round, told }) =>
    'failed' in told ? [`- ${side}, \`${cell}\`, round ${round}: ${told.failed}`] : [],
  )
