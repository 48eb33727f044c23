import { EXIT } from '../../model/fault.ts'
import type { Result } from '../../model/result.ts'

/** The exit status of a command that ends with this result; an inconclusive cell is not as expected either. */
export function exitStatus({ cells, interrupted }: Pick<Result, 'cells' | 'interrupted'>): number {
  if (interrupted) return EXIT.interrupted
  if (cells.some(({ verdict }) => verdict === 'failed')) return EXIT.failed
  if (cells.length === 0) return EXIT.notReady
  return cells.every(({ verdict }) => verdict === 'expected') ? EXIT.expected : EXIT.contradicts
}
