import { NoCase, selectCases } from '../../cases/load.ts'
import { PROXIES } from '../../images/proxies/proxies.ts'
import type { LoadedCase } from '../model/case.ts'
import { usage } from '../model/fault.ts'
import { isFor, mistakesOn } from '../model/resolve.ts'
import type { Note } from '../model/text/note.ts'

const isGlob = (pattern: string) => /[*?]/.test(pattern)

/**
 * The cases that were asked for, and the positive control, without which "0 resets" would say nothing. A glob stands for
 * the cases that some proxy of the run is for; a case that is named is kept, so that the plan can say why it does not run.
 *
 * @param proxies names of the run's proxies
 * @throws a Fault (exit 2) that names what is no case, or what a case says wrongly of a proxy
 */
export async function chooseCases(patterns: string[], proxies: string[], note: Note): Promise<LoadedCase[]> {
  try {
    const named = await selectCases(patterns.filter((pattern) => !isGlob(pattern)))
    const all = await selectCases(patterns)
    const chosen = all.filter(
      (one) => named.some(({ name }) => name === one.name) || proxies.some((proxy) => isFor(one, proxy)),
    )
    const wrong = chosen.flatMap((one) => mistakesOn(one, PROXIES).map((mistake) => `the case ${one.name}: ${mistake}`))
    if (wrong.length) throw usage(wrong.join('\n'))
    const mitigations = chosen.some(({ control }) => !control)
    if (!mitigations || chosen.some(({ control }) => control === 'positive')) return chosen
    note('adding the case "none": without a live positive control, 0 resets would be inconclusive')
    return [...(await selectCases(['none'])), ...chosen]
  } catch (error) {
    throw error instanceof NoCase ? usage(error.message, 'npx tsx lab/list.ts cases') : error
  }
}
