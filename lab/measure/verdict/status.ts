import type { Result } from '../../model/result.ts'

/**
 * The exit status that a result stands for: 130 interrupted, 4 a cell failed, 3 nothing could run, 1 something is not
 * as expected (an inconclusive cell is not), 0 all is.
 */
export function exitStatus({ cells, interrupted }: Pick<Result, 'cells' | 'interrupted'>): number {
  if (interrupted) return 130
  if (cells.some(({ verdict }) => verdict === 'failed')) return 4
  if (cells.length === 0) return 3
  return cells.every(({ verdict }) => verdict === 'expected') ? 0 : 1
}
