import type { Cell } from '../../model/cell.ts'
import { type Opened, openSide } from '../boots/side.ts'
import { bootsInTurns } from '../boots/turns.ts'
import { keep } from '../record/keep.ts'
import { beginning } from '../record/made.ts'
import { withSwarm } from '../scale/own-swarm.ts'

const CASES = ['none', 'fd-passing', 'no-reload']

/** With as many connections as the proxy accepts in one go, a reload's resets have no ceiling below what it loses. */
const RUN = [...['--kernel', '6.1', '--accel', 'tcg', '--case', CASES.join(','), '--users', '80', '--maxaccept', '80']]
const isAsked = (cell: Cell) => CASES.includes(cell.case.name)

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
    RUN,
    async () => {
      const made = await beginning()
      const sides: Opened[] = []
      for (const name of ['local', 'docker', 'swarm'] as const) sides.push(await openSide(name, RUN, isAsked, signal))
      const boots = await bootsInTurns(sides, size.rounds, signal)
      const hosts = sides.map(({ name, host }) => ({ side: name, host }))
      return keep('engines', { made: made(), hosts, boots }, folder)
    },
    signal,
  )
