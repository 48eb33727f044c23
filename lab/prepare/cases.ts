import { NoCase, selectCases } from '../../cases/load.ts'
import { PROXIES, proxyNamed } from '../../images/proxies/proxies.ts'
import type { LoadedCase } from '../model/case.ts'
import { usage } from '../model/fault.ts'
import { isFor, mistakesOn } from '../model/resolve.ts'
import type { Note } from '../model/text/note.ts'
import { either } from '../model/text/spelling.ts'

/** The case without which "0 resets" would say nothing; it is added where none is asked for. */
export const POSITIVE_CONTROL = 'none'

const isGlob = (pattern: string) => /[*?]/.test(pattern)

/**
 * The cases that were asked for, and the positive control, without which "0 resets" would say nothing. A glob stands for
 * the cases that some proxy of the run can have; a case that is named must be one of them.
 *
 * @param proxies names of the run's proxies
 * @throws a Fault (exit 2) that names what is no case, what no proxy of the run can have, or what a case says wrongly of
 *   a proxy
 */
export async function chooseCases(patterns: string[], proxies: string[], note: Note): Promise<LoadedCase[]> {
  try {
    const fits = (one: LoadedCase) => proxies.some((proxy) => isFor(one, proxy))
    const all = await selectCases(patterns)
    const named = await selectCases(patterns.filter((pattern) => !isGlob(pattern)))
    const wrong = [
      ...all.flatMap((one) => mistakesOn(one, PROXIES).map((mistake) => `the case ${one.name}: ${mistake}`)),
      ...named.filter((one) => !fits(one)).map(elsewhere),
    ]
    if (wrong.length) throw usage(wrong.join('\n'))
    const chosen = all.filter(fits)
    const mitigations = chosen.some(({ control }) => !control)
    if (!mitigations || chosen.some(({ control }) => control === 'positive')) return chosen
    note(`adding the case "${POSITIVE_CONTROL}": without a live positive control, 0 resets would be inconclusive`)
    return [...(await selectCases([POSITIVE_CONTROL])), ...chosen]
  } catch (error) {
    throw error instanceof NoCase ? usage(error.message, 'npx tsx lab/list.ts cases') : error
  }
}

/** What is wrong with a case that is for other proxies. */
function elsewhere({ name, on = {} }: LoadedCase): string {
  const names = Object.keys(on)
  return `--case ${name}: a case for ${either(names.map((proxy) => proxyNamed(proxy).title))}, which this run does not have: add --proxy ${names[0]}`
}
