import { isDeepStrictEqual } from 'node:util'
import type { Case, LoadedCase } from '../model/case/case.ts'
import type { ProxyTraits } from '../model/case/proxy.ts'
import { isFor, resolveCase, versionsFor } from '../model/case/resolve.ts'
import type { CaseFacts } from '../model/result.ts'
import { rangeText } from '../model/text/range.ts'

/** What the reloader itself looks at, at each reload: the cell fails at one where it is not so. */
const NEW = 'a new process that listens, at each reload'
const SAME = 'the same processes serve, at each reload'
const LISTENERS: Record<NonNullable<Case['listeners']>, string> = {
  kept: 'the new process has the very sockets of the old one, at each reload',
  fewer: 'the new process has fewer of the sockets of the old one, at each reload',
  anew: 'the new process has none of the sockets of the old one, at each reload',
}

/** What shows that a case acted. */
function shown({ proof, listeners, replaces }: Case): string | undefined {
  if (typeof proof === 'object' || !proof) return proof?.shows
  return replaces === false ? SAME : listeners ? LISTENERS[listeners] : NEW
}

/** What a case needs of a kernel and a proxy, a phrase each. */
function needsOf(one: LoadedCase, { name, title }: ProxyTraits): string[] {
  const { linux, features = [] } = one.needs ?? {}
  const versions = versionsFor(one, name)
  return [...(linux ? [rangeText('Linux', linux)] : []), ...(versions ? [rangeText(title, versions)] : []), ...features]
}

/** What a report says of a case, beside what was measured. */
export function caseFacts(theCase: Case): CaseFacts {
  const { name, title, idea, source, control, against, drawbacks, price } = theCase
  const { setup, ready, serving, start, prepare, before, reload, after } = theCase
  const proof = typeof theCase.proof === 'object' ? theCase.proof : undefined
  const one = (command?: string | false) => (command ? [command] : undefined)
  const configuration = Object.entries(theCase.config ?? {}).flatMap(([section, lines]) =>
    lines.map((line) => `${section}: ${line}`),
  )
  const commands = {
    configuration: configuration.length ? configuration : undefined,
    setup,
    start: one(start),
    serving: one(serving),
    ready,
    prepare,
    before,
    reload: one(reload),
    after,
    proof: proof?.read,
  }
  return {
    name,
    title,
    idea,
    source,
    control,
    against,
    replaces: theCase.replaces === false ? false : undefined,
    network: theCase.network === 'veth' ? 'veth' : undefined,
    listeners: theCase.listeners,
    client: theCase.client,
    drawbacks,
    proof: shown(theCase),
    price,
    adopt: theCase.adopt,
    everyday: theCase.everyday,
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
      facts: { ...caseFacts(resolveCase(one, proxy)), needs: needsOf(one, proxy) },
    }))
    if (!first) return []
    if (others.every(({ facts }) => isDeepStrictEqual(facts, first.facts))) return [first.facts]
    return [first, ...others].map(({ proxy, facts }) => ({ ...facts, proxy }))
  })
}
