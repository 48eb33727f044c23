import type { CaseFacts, Result } from '../../../model/result.ts'
import { factsOfCase } from './cases.ts'

/** Whether a reload, with nothing around it, keeps the listeners. */
const keepsListeners = ({ commands, listeners }: CaseFacts) =>
  listeners === 'kept' && Object.keys(commands).join() === 'reload'

/**
 * The case that reloads a proxy in its own way without closing a listener: of those that a result has with this proxy
 * alone, the first that needs no other command than the reload.
 */
export function ownReload({ cases, cells }: Pick<Result, 'cases' | 'cells'>, proxy: string): string | undefined {
  const proxiesWith = (name: string) =>
    new Set(cells.filter((cell) => cell.case === name).map((cell) => cell.proxy.name))
  const isIts = (name: string) => [...proxiesWith(name)].join() === proxy
  return cases.find(({ name }) => {
    const facts = factsOfCase({ cases }, name, proxy)
    return facts && isIts(name) && keepsListeners(facts)
  })?.name
}
