import { randomInt } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { EXIT } from '../model/fault.ts'
import { TARGETS } from './targets.ts'

/** Milliseconds of all targets together. */
const HOUR = 3_600_000
/**
 * Milliseconds of a turn, with a seed of its own: what is found late is found again in less time. Ctrl-C is heard between
 * two turns.
 */
const TURN = 4000

/**
 * Tries inputs on all targets for an hour, and stops a target at its first finding.
 *
 * @returns a table in Markdown; exit status 1 where something did not hold
 */
export async function fuzz(signal: AbortSignal, milliseconds = HOUR): Promise<{ text: string; status: number }> {
  const turns = Math.ceil(milliseconds / TARGETS.length / TURN)
  const rows: string[] = []
  const findings: string[] = []
  for (const { name, holds, lacking, run } of TARGETS) {
    const missing = lacking()
    let [inputs, broken]: [number, string | null] = [0, null]
    for (let turn = 0; turn < turns && !broken && !missing; turn++) {
      await setImmediate()
      signal.throwIfAborted()
      const tried = await run({ seed: randomInt(2 ** 31), milliseconds: TURN })
      inputs += tried.inputs
      broken = tried.broken
    }
    if (broken) findings.push(`${name}\n${broken}`)
    rows.push(
      `| ${name} | ${holds} | ${missing ?? inputs.toLocaleString('en')} | ${broken ? 'no' : missing ? '' : 'yes'} |`,
    )
    process.stderr.write(`${rows.at(-1)}\n`)
  }
  const table = ['| target | must hold | inputs | holds |', '|---|---|---:|---|', ...rows].join('\n')
  return { text: [table, ...findings].join('\n\n'), status: findings.length ? EXIT.contradicts : EXIT.expected }
}
