import * as v from 'valibot'
import { Boot } from './result.ts'

/** What an engine saw of a boot from outside its guest. What the guest told is in its events. */
export const HostFacts = v.object({
  ...v.pick(Boot, ['starts', 'bootMs', 'tookMs', 'waited', 'stolen', 'command', 'machine', 'lost', 'oneCore']).entries,
  ...v.pick(Boot.entries.pins, ['vcpus', 'vcpusAtEnd']).entries,
})

/**
 * How a boot ended, as its engine says: `done` means that the guest went through to its end, not that what it told can
 * be believed. `consoleTail` holds the last lines of its console.
 */
export const Outcome = v.variant('kind', [
  v.object({ kind: v.literal('done'), facts: HostFacts, consoleTail: v.array(v.string()) }),
  v.object({ kind: v.literal('failed'), facts: HostFacts, consoleTail: v.array(v.string()), reason: v.string() }),
  v.object({ kind: v.literal('interrupted') }),
])

export type HostFacts = v.InferOutput<typeof HostFacts>
export type Outcome = v.InferOutput<typeof Outcome>

/** The facts of a boot that has not begun. */
export const UNSEEN: HostFacts = {
  starts: 1,
  bootMs: null,
  tookMs: null,
  waited: null,
  stolen: null,
  command: [],
  vcpus: [],
  vcpusAtEnd: [],
}

/** What was seen from outside, out of the saved facts of a boot. */
export const hostFactsOf = ({
  starts,
  bootMs,
  tookMs,
  waited,
  stolen,
  command,
  machine,
  lost,
  oneCore,
  pins,
}: Boot): HostFacts => ({
  starts,
  bootMs,
  tookMs,
  waited,
  stolen,
  command,
  ...(machine && { machine }),
  ...(lost && { lost }),
  ...(oneCore && { oneCore }),
  vcpus: pins.vcpus,
  vcpusAtEnd: pins.vcpusAtEnd,
})
