import type { Cell } from '../../model/cell.ts'
import { type Opened, openSide } from '../boots/side.ts'
import { bootsInTurns } from '../boots/turns.ts'
import { keep } from '../record/keep.ts'
import { beginning } from '../record/made.ts'
import { withSwarm } from '../scale/own-swarm.ts'

const ON = ['--kernel', '6.1', '--accel', 'tcg']

/**
 * Resets and latencies are compared under one rate that each engine carries easily, for a load of as many connections as
 * there may be has its resets at a ceiling; what they carry is compared without reloads.
 */
const RUNS = [
  [...ON, '--case', 'none,fd-passing', '--rate', '1500'],
  [...ON, '--case', 'no-reload', '--users', '80'],
]
/** A run may also have the cases with which its own are compared. */
const isAsked = ({ case: { name }, load }: Cell) =>
  load.loop === 'closed' ? name === 'no-reload' : name !== 'no-reload'

/** Rounds of boots: each of the cells on each of the engines. */
const WHOLE = { rounds: 4 }

/**
 * Whether engines differ in what they measure: the same cells on each, by turns, on one machine.
 *
 * @param size less than the whole only to see that it works
 * @returns Markdown, which is saved, too
 */
export const engines = (signal: AbortSignal, size = WHOLE, folder?: string): Promise<string> =>
  withSwarm(
    'engines',
    RUNS[0]!,
    async () => {
      const made = await beginning()
      const sides: Opened[] = []
      for (const name of ['local', 'docker', 'swarm'] as const) sides.push(await openSide(name, RUNS, isAsked, signal))
      const boots = await bootsInTurns(sides, size.rounds, signal)
      const hosts = sides.map(({ name, host }) => ({ side: name, host }))
      return keep('engines', { made: made(), hosts, boots }, folder)
    },
    signal,
  )
