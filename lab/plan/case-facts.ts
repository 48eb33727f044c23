import { isDeepStrictEqual } from 'node:util'
import type { Case, LoadedCase, Proof } from '../model/case.ts'
import type { ProxyTraits } from '../model/proxy.ts'
import { isFor, resolveCase } from '../model/resolve.ts'
import type { CaseFacts } from '../model/result.ts'

/** What the proofs show that the reloader itself checks: the cell fails at a reload where it is not so. */
const PROOFS: Record<Extract<Proof, string>, string> = {
  reload: 'a new process that listens, at each reload',
  'kept-listener': 'the new process has the very socket of the old one, at each reload',
}
const SAME = 'the same processes serve, at each reload'

/** What a report says of a case, beside what was measured. */
export function caseFacts(theCase: Case): CaseFacts {
  const { name, title, idea, source, control, drawbacks, price } = theCase
  const { setup, ready, before, reload, after, replaces } = theCase
  const proof = typeof theCase.proof === 'object' ? theCase.proof : undefined
  const commands = { setup, ready, before, reload: reload ? [reload] : undefined, after, proof: proof?.read }
  return {
    name,
    title,
    idea,
    source,
    control,
    drawbacks,
    proof: typeof theCase.proof === 'string' ? (replaces === false ? SAME : PROOFS[theCase.proof]) : proof?.shows,
    price,
    commands: Object.fromEntries(Object.entries(commands).flatMap(([when, lines]) => (lines ? [[when, lines]] : []))),
  }
}

/**
 * The facts of a run's cases: once for each of its proxies that a case is for, where they differ.
 *
 * @param proxies names of the run's proxies
 */
export function factsOfRun(cases: LoadedCase[], proxies: string[], traits: readonly ProxyTraits[]): CaseFacts[] {
  return cases.flatMap((one) => {
    const fitting = traits.filter(({ name }) => proxies.includes(name) && isFor(one, name))
    const [first, ...others] = fitting.map((proxy) => ({
      proxy: proxy.name,
      facts: caseFacts(resolveCase(one, proxy)),
    }))
    if (!first) return []
    if (others.every(({ facts }) => isDeepStrictEqual(facts, first.facts))) return [first.facts]
    return [first, ...others].map(({ proxy, facts }) => ({ ...facts, proxy }))
  })
}
