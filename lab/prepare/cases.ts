import { NoCase, selectCases } from '../../cases/load.ts'
import { PROXIES, proxyNamed } from '../../images/proxies/proxies.ts'
import type { LoadedCase } from '../model/case/case.ts'
import { isFor, mistakesOn } from '../model/case/resolve.ts'
import { usage } from '../model/fault.ts'
import { list } from '../model/text/amounts.ts'
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
 * @param controls whether what they are compared with is added
 * @throws a Fault (exit 2) that names what is no case, what no proxy of the run can have, or what a case says wrongly of
 *   a proxy
 */
export async function chooseCases(
  patterns: string[],
  proxies: string[],
  note: Note,
  controls = true,
): Promise<LoadedCase[]> {
  try {
    const fits = (one: LoadedCase) => proxies.some((proxy) => isFor(one, proxy))
    const all = await selectCases(patterns)
    const named = await selectCases(patterns.filter((pattern) => !isGlob(pattern)))
    const wrong = [
      ...all.flatMap((one) => mistakesOn(one, PROXIES).map((mistake) => `the case ${one.name}: ${mistake}`)),
      ...named.filter((one) => !fits(one)).map(elsewhere),
    ]
    if (wrong.length) throw usage(wrong.join('\n'))
    const fitting = all.filter(fits)
    return controls ? await withControls(fitting, proxies, note) : fitting
  } catch (error) {
    throw error instanceof NoCase ? usage(error.message, 'npx tsx lab/list.ts cases') : error
  }
}

/**
 * Adds what cases are compared with: those that they name; and the positive control, which is on the loopback, unless each
 * names another.
 */
async function withControls(chosen: LoadedCase[], proxies: string[], note: Note): Promise<LoadedCase[]> {
  const compared = await othersCompared(chosen, proxies)
  const all = [...(compared.length ? await selectCases(compared) : []), ...chosen]
  const here = all.filter(({ network }) => network === 'loopback')
  const controlled =
    here.every((one) => one.control || comparedWith(one, proxies).length) ||
    here.some(({ control }) => control === 'positive')
  if (!controlled)
    note(`adding the case "${POSITIVE_CONTROL}": without a live positive control, 0 resets would be inconclusive`)
  if (compared.length) note(`adding ${list(compared)}: what a case of this run is compared with`)
  return controlled ? all : [...(await selectCases([POSITIVE_CONTROL])), ...all]
}

/** The names of further cases with which some are compared, or which those are compared with in turn. */
async function othersCompared(chosen: LoadedCase[], proxies: string[]): Promise<string[]> {
  const found = new Set(chosen.flatMap((one) => comparedWith(one, proxies)))
  for (const { name } of chosen) found.delete(name)
  if (!found.size) return []
  const others = await selectCases([...found])
  return [...found, ...(await othersCompared([...others, ...chosen], proxies))]
}

/** The cases that a case names as its control, with any of these proxies. */
const comparedWith = ({ against, on = {} }: LoadedCase, proxies: string[]): string[] =>
  [against, ...proxies.map((proxy) => on[proxy]?.against)].flatMap((name) => name ?? [])

/** What is wrong with a case that is for other proxies. */
function elsewhere({ name, on = {} }: LoadedCase): string {
  const names = Object.keys(on)
  return `--case ${name}: a case for ${either(names.map((proxy) => proxyNamed(proxy).title))}, which this run does not have: add --proxy ${names[0]}`
}
