import type { Start } from '../../model/cell.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { BootObserver } from '../engine.ts'
import { Seen } from '../seen.ts'
import type { Swarm } from './carry.ts'
import { carryElsewhere } from './elsewhere.ts'
import type { Equipped } from './nodes/equipped.ts'
import { isNoneOf } from './nodes/kinds.ts'

/** Carries one boot out on a node of its kernel's kind. It never throws: whatever goes wrong is an outcome. */
export async function carryOut(
  swarm: Swarm,
  equipped: Equipped,
  { cell, boot }: Start,
  observer: BootObserver,
  signal: AbortSignal,
): Promise<Outcome> {
  const seen = new Seen()
  const again = () => {
    seen.again()
    observer.again?.()
  }
  const kind = equipped.kindOf(cell.kernel.name)
  const amiss = (outcome: Outcome) => {
    if (outcome.kind === 'interrupted') return signal.aborted ? null : 'its worker was told to stop'
    const { machine } = outcome.facts
    return machine ? isNoneOf(kind, machine) : null
  }
  const order = { do: 'run' as const, cell, boot }
  try {
    const checks = { amiss, again }
    const watching = { ...seen.watching(observer), note: (line: string) => observer.waits?.(line) }
    const { answer, node, lost } = await carryElsewhere(swarm, order, kind, equipped.nodes, watching, checks, signal)
    if (answer.kind === 'interrupted') return answer
    const { machine } = answer.facts
    const where = machine && { machine: { ...machine, ...(node && { name: node.name }) } }
    return { ...answer, facts: { ...answer.facts, ...where, ...(lost.length > 0 && { lost }) } }
  } catch (error) {
    if (signal.aborted) return { kind: 'interrupted' }
    return seen.failed((error as Error).message)
  }
}
