import { openSide, type Side } from '../boots/side.ts'
import { type Started, starter } from '../boots/start.ts'
import { bootsInTurns, inTurns } from '../boots/turns.ts'
import { keep } from '../record/keep.ts'
import { beginning, loadNow } from '../record/made.ts'
import { type Program, withPrograms } from './programs.ts'
import { type QemuRecord, SIDES } from './record.ts'

/** How much is measured: starts with each QEMU, and rounds of boots with load. */
const WHOLE = { starts: 100, rounds: 8 }

/** Boots with load: at the lab's default, and where the proxy accepts all in one go. */
const LOADED = ['--kernel', '6.1', '--accel', 'tcg', '--case', 'none', '--users', '80', '--maxaccept', '4,80']

/**
 * Whether one QEMU boots faster, or carries more load, than another: the two that HITLESS_QEMUS names, by turns.
 *
 * @param size less than the whole only to see that it works
 * @returns Markdown, which is saved, too
 */
export const qemu = (signal: AbortSignal, size = WHOLE, folder?: string): Promise<string> =>
  withPrograms(process.env.HITLESS_QEMUS, async (programs) => {
    const made = await beginning()
    const sides = SIDES.map((name, i) => ({ name, program: programs[i]! }))
    const start = await starter('tcg', signal)
    const { engine, cells } = await openSide('local', [LOADED], (cell) => cell.case.name === 'none', signal)
    const starts: QemuRecord['starts'] = []
    for (const [i, turn] of inTurns(sides, size.starts).entries())
      for (const { name: side, program } of turn) {
        const loadAverage = loadNow()
        starts.push({ side, round: i + 1, loadAverage, told: await program.use<Started>(start) })
      }
    process.stderr.write(`${starts.length} starts\n`)
    const loaded = sides.map(({ name, program }) => ({ name, cells, engine: using(program, engine) }))
    const boots = await bootsInTurns(loaded, size.rounds, signal)
    const versions = { A: programs[0].version, B: programs[1].version }
    return keep('qemu', { made: made(), versions, starts, boots }, folder)
  })

/** An engine of this machine, whose guests this QEMU runs. */
const using = ({ use }: Program, engine: Side['engine']): Side['engine'] => ({
  ...engine,
  run: (start, observer, signal) => use(() => engine.run(start, observer, signal)),
})
