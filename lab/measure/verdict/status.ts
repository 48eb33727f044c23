import { EXIT } from '../../model/fault.ts'
import type { Result } from '../../model/result.ts'

/**
 * The exit status of a command that ends with this result; an inconclusive cell is not as expected either, nor is a run
 * of which shards are missing.
 */
export function exitStatus(result: Pick<Result, 'cells' | 'interrupted' | 'shard' | 'shards' | 'skipped'>): number {
  const { cells, interrupted, shards } = result
  if (interrupted) return EXIT.interrupted
  if (cells.some(({ verdict }) => verdict === 'failed')) return EXIT.failed
  if (shards?.missing.length) return EXIT.contradicts
  if (gotNothing(result)) return EXIT.expected
  if (cells.length === 0) return EXIT.notReady
  return cells.every(({ verdict }) => verdict === 'expected') ? EXIT.expected : EXIT.contradicts
}

/** Whether it is a shard that is left over, as there are more of them than parts of the run: nothing went wrong then. */
export const gotNothing = ({ cells, skipped, shard }: Pick<Result, 'cells' | 'skipped' | 'shard'>) =>
  shard !== undefined && cells.length + skipped.length === 0
