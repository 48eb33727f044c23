import type { Result } from '../../model/result.ts'
import type { Shard } from '../../model/shard.ts'
import { merge, type Run } from './merge.ts'

/** A shard of a run, saved on its own. */
export type SavedShard = Run & { result: { shard: Shard } }

/**
 * The shards of one run as the run that they are parts of. Each cell has the number of its shard: what several shards
 * measured, such as the controls of a group that was split, stays apart.
 *
 * @param argv the command line that puts them together again
 * @param shards of one command, each once; some may be missing
 */
export function putTogether(argv: string[], shards: [SavedShard, ...SavedShard[]]): Result {
  const inOrder = shards.toSorted((a, b) => a.result.shard.index - b.result.shard.index) as typeof shards
  const numbered = inOrder.map((run) => {
    const cells = run.result.cells.map((cell) => ({ ...cell, shard: run.result.shard.index }))
    return { ...run, result: { ...run.result, cells } }
  }) as typeof shards
  const [first] = inOrder
  const { of } = first.result.shard
  const { shard: _, ...result } = merge(first.result.name, argv, told(numbered)).result
  const has = (index: number) => shards.some(({ result: { shard } }) => shard.index === index)
  return {
    ...result,
    sources: Object.assign({}, ...inOrder.map((run) => run.result.sources)),
    shards: {
      of,
      missing: Array.from({ length: of }, (_, i) => i + 1).filter((index) => !has(index)),
      each: inOrder.map(({ result: { shard, host, cells } }) => ({ index: shard.index, host, cells: cells.length })),
    },
  }
}

/** Two machines may have different kernels of one name, as two builds of one tree are: then their names get a part of the hash. */
function told<R extends Run>(runs: [R, ...R[]]): [R, ...R[]] {
  const all = runs.flatMap(({ result }) => result.kernels)
  const hashes = (name: string) => new Set(all.flatMap((one) => (one.kernel === name ? [one.imageSha256] : [])))
  const named = (name: string, sha256: string | null) =>
    sha256 !== null && hashes(name).size > 1 ? `${name} (${sha256.slice(0, 8)})` : name
  return runs.map(({ result, ...run }) => ({
    ...run,
    result: {
      ...result,
      kernels: result.kernels.map((one) => ({ ...one, kernel: named(one.kernel, one.imageSha256) })),
      cells: result.cells.map((cell) => ({ ...cell, kernel: named(cell.kernel, cell.kernelSha256) })),
      skipped: result.skipped.map((one) => {
        const facts = result.kernels.find(({ kernel }) => kernel === one.kernel)
        return { ...one, kernel: named(one.kernel, facts?.imageSha256 ?? null) }
      }),
    },
  })) as [R, ...R[]]
}
