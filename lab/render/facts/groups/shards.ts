import type { Shard } from '../../../model/result/shard.ts'
import type { KernelFacts, Result } from '../../../model/result.ts'
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
  const named = told(numbered)
  const { shard: _, ...result } = merge(first.result.name, argv, named).result
  const known = named.flatMap(({ result: { kernels } }) => kernels)
  const has = (index: number) => shards.some(({ result: { shard } }) => shard.index === index)
  return {
    ...result,
    kernels: result.kernels.map((one) => askedByAll(one, known)),
    sources: allSources(inOrder.map(({ result }) => result.sources ?? {})),
    shards: {
      of,
      missing: Array.from({ length: of }, (_, i) => i + 1).filter((index) => !has(index)),
      each: inOrder.map(({ result: { shard, host, cells, sources } }) => ({
        index: shard.index,
        host,
        cells: cells.length,
        ...(sources && { sources }),
      })),
    },
  }
}

/** The versions of all shards, and of a source of which they have several each of them: "1.22.1-9; 1.22.1-10". */
function allSources(each: Record<string, string>[]): Record<string, string> {
  const names = [...new Set(each.flatMap((sources) => Object.keys(sources)))]
  const versions = (name: string) => [...new Set(each.flatMap((sources) => sources[name] ?? []))]
  return Object.fromEntries(names.map((name) => [name, versions(name).join('; ')]))
}

/** A kernel with all that asked for it: what one shard was asked for by its version, another may be by its series. */
function askedByAll(one: KernelFacts, known: KernelFacts[]): KernelFacts {
  const asked = known.flatMap((other) => (other.kernel === one.kernel ? (other.asked ?? []) : []))
  return asked.length > 0 ? { ...one, asked: [...new Set(asked)] } : one
}

/** What was asked for by one name, and is not the same kernel in all shards. */
export interface SeveralKernels {
  /** As `--kernel` takes it. */
  asked: string
  /** By name and Debian's version, with the shards that measured them. */
  kernels: { name: string; shards: number[] }[]
}

/**
 * Where machines found different kernels by one name: a series moves on, its mirrors not all at once, and `host` is what
 * runs. Two versions that the command line names are no such thing.
 */
export function severalOfOne({
  kernels,
  cells,
  shards,
}: Pick<Result, 'kernels' | 'cells' | 'shards'>): SeveralKernels[] {
  if (!shards) return []
  const all = [...new Set(kernels.flatMap(({ asked = [] }) => asked))].map((asked) => ({
    asked,
    kernels: kernels
      .filter((one) => one.asked?.includes(asked))
      .map(({ kernel, version }) => ({
        name: version ? `${kernel} (${version})` : kernel,
        shards: [...new Set(cells.flatMap((cell) => (cell.kernel === kernel ? [cell.shard!] : [])))],
      }))
      .filter(({ shards }) => shards.length > 0),
  }))
  return all.filter(({ kernels }) => kernels.length > 1)
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
