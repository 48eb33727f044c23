import { quote } from 'zx/core'
import { usage } from '../model/fault.ts'
import { shardText } from '../model/result/shard.ts'
import type { Result } from '../model/result.ts'
import { list } from '../model/text/amounts.ts'
import { again } from '../model/text/command.ts'
import { labText } from '../model/text/lab.ts'
import type { Note } from '../model/text/note.ts'
import type { Run } from '../render/facts/groups/merge.ts'
import { putTogether, type SavedShard } from '../render/facts/groups/shards.ts'
import { isIdentified } from '../saved/version/changes.ts'

const isShard = (run: Run): run is SavedShard => run.result.shard !== undefined

/**
 * The run that some shards are parts of; null where there is no shard among these runs.
 *
 * @param runs labelled with their folders
 * @param argv the command line that puts them together again
 * @throws a Fault (exit 2) where they are not the shards of one run, or one is there twice
 */
export function runOfShards(runs: Run[], argv: string[], note: Note): Result | null {
  const [first, ...others] = runs.filter(isShard)
  if (!first) return null
  requireOneRun(runs, first)
  const result = putTogether(argv, [first, ...others])
  const { missing, of } = result.shards!
  if (missing.length)
    note(
      [
        `${missing.length} of ${of} shards ${missing.length > 1 ? 'are' : 'is'} missing: ${list(missing.map((index) => shardText({ index, of })))}; to run what they measure:`,
        ...missing.map((index) => `  ${commandOf(first.result.argv, shardText({ index, of }))}`),
      ].join('\n'),
    )
  return result
}

/** The command line of another shard. */
function commandOf(argv: string[], shard: string): string {
  const at = argv.indexOf('--shard')
  return again(
    argv.map((word, i) => (i === at + 1 && at >= 0 ? shard : word.replace(/^--shard=.*/, `--shard=${shard}`))),
  )
}

function requireOneRun(runs: Run[], first: SavedShard) {
  const { shard, argv } = first.result
  const wrong = runs.flatMap((run) => {
    const { result, label } = run
    const but = (found: string, expected: string) => [`${label}: ${found}, and ${first.label} ${expected}`]
    if (!isShard(run)) return but('a whole run', 'is a shard')
    if (labText(result.lab) !== labText(first.result.lab))
      return but(`a shard by hitless ${labText(result.lab)}`, `is by ${labText(first.result.lab)}`)
    if (runs.length > 1 && !isIdentified(result.lab))
      return `${label}: a shard by hitless ${labText(result.lab)}, which tells neither its commit nor its files, so that it may be another lab than that of ${first === run ? 'the others' : first.label}`
    if (run.result.shard.of !== shard.of) return but(`one of ${run.result.shard.of} shards`, `is one of ${shard.of}`)
    if (run.result.shard.command !== shard.command)
      return but(`a shard of another command, ${again(result.argv)}`, `is of ${again(argv)}`)
    const twin = runs.find((other) => isShard(other) && other.result.shard.index === run.result.shard.index)!
    return twin === run ? [] : [`${label}: shard ${shardText(run.result.shard)}, which ${twin.label} is, too`]
  })
  if (!wrong.length) return
  const nameless = runs.filter(isShard).find(({ result }) => !isIdentified(result.lab))
  const own = runs.filter((run) => isShard(run) && run.result.shard.command === shard.command)
  throw usage(
    `not the shards of one run, each once:\n${wrong.join('\n')}`,
    nameless
      ? `${commandOf(nameless.result.argv, shardText(nameless.result.shard))} (and so each of them, with one version of the lab)`
      : own.length < runs.length && own.length > 1
        ? `npx tsx lab/compare.ts ${own.map(({ label }) => quote(label)).join(' ')}`
        : undefined,
  )
}
