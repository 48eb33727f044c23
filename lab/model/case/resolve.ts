import { meant } from '../text/spelling.ts'
import type { Case, LoadedCase, Range } from './case.ts'
import type { ProxyTraits } from './proxy.ts'

/** Whether a case is for a proxy. */
export const isFor = ({ on }: LoadedCase, proxy: string): boolean => !on || Object.hasOwn(on, proxy)

/** The versions of a proxy that can run a case; undefined: all. */
export const versionsFor = ({ on }: LoadedCase, proxy: string): Range | undefined => on?.[proxy]?.needs

/** A case with one proxy that it is for: what it says of that proxy takes the place of what it says for all. */
export function resolveCase(
  { on = {}, ...general }: LoadedCase,
  { name, reload }: Pick<ProxyTraits, 'name' | 'reload'>,
): Case {
  const { needs: _, ...own } = on[name] ?? {}
  return { reload, ...general, ...own }
}

/** What a case says of proxies that there are not, or of sections that their configurations do not have: a sentence each. */
export function mistakesOn({ on = {} }: LoadedCase, proxies: readonly ProxyTraits[]): string[] {
  const names = proxies.map(({ name }) => name)
  return Object.entries(on).flatMap(([name, { config = {} }]) => {
    const proxy = proxies.find((one) => one.name === name)
    if (!proxy) return [`on.${name}: no such proxy${meant(name, names)}; choose from ${names.join(', ')}`]
    return Object.keys(config)
      .filter((section) => !proxy.sections.includes(section))
      .map(
        (section) =>
          `on.${name}.config.${section}: no such section${meant(section, proxy.sections)}; choose from ${proxy.sections.join(', ')}`,
      )
  })
}
