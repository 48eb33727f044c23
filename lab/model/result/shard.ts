import * as v from 'valibot'

/** With more, one boot each would be less than what a machine takes to begin. */
export const MOST_SHARDS = 1000

const whole = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_SHARDS))

/** One of the parts into which a run is divided, so that each can be carried out on a machine of its own. */
export const Shard = v.object({
  /** Counted from 1. */
  index: whole,
  /** How many there are. */
  of: whole,
  /** What tells the shards of one command from those of another: a hash of what the whole run is asked to measure. */
  command: v.pipe(v.string(), v.nonEmpty()),
})

export type Shard = v.InferOutput<typeof Shard>

/** As `--shard` takes it: the second of eight is 2/8. */
export const shardText = ({ index, of }: Pick<Shard, 'index' | 'of'>) => `${index}/${of}`
