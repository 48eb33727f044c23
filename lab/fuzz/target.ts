import fc from 'fast-check'

/** What one reader of foreign bytes must hold, whatever it is given. */
export interface Target {
  name: string
  /** In a sentence: what is read, and what must hold. */
  holds: string
  /** Why it cannot be tried on this host; null: it can. */
  lacking: () => string | null
  run: (how: How) => Promise<Tried>
}

export interface How {
  seed: number
  /** Inputs at most, besides those that were kept. */
  inputs?: number
  /** Milliseconds at most. */
  milliseconds?: number
}

export interface Tried {
  inputs: number
  /** What did not hold, with the smallest input that was found and its seed; null: all held. */
  broken: string | null
}

interface Shape<T> extends Pick<Target, 'name' | 'holds'> {
  input: fc.Arbitrary<T>
  /** Throws where it does not hold. */
  check: (input: T) => void | Promise<void>
  /** Inputs that once were findings: tried first, each time. */
  kept?: NoInfer<T>[]
  lacking?: () => string | null
}

/** A target of inputs of one kind. fast-check makes them, and makes those that fail smaller. */
export const target = <T>({ name, holds, input, check, kept = [], lacking = () => null }: Shape<T>): Target => ({
  name,
  holds,
  lacking,
  async run({ seed, inputs = Number.MAX_SAFE_INTEGER, milliseconds }) {
    const tried = await fc.check(
      fc.asyncProperty(input, async (value) => check(value)),
      {
        seed,
        includeErrorInReport: true,
        numRuns: inputs + kept.length,
        examples: kept.map((value): [T] => [value]),
        ...(milliseconds === undefined ? {} : { interruptAfterTimeLimit: milliseconds }),
      },
    )
    return {
      inputs: tried.numRuns,
      broken: tried.failed ? ((await fc.asyncDefaultReportMessage(tried)) ?? 'failed') : null,
    }
  },
})

/** Fails where a reader gave up by accident: those errors are of the language, and name nothing that a user knows. */
export async function noAccident(read: () => unknown): Promise<void> {
  try {
    await read()
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) throw error
  }
}

/** Changes to bytes: some are replaced, and all after a place may be gone. Places are shares of the length. */
export const damage = (most = 8): fc.Arbitrary<Damage> =>
  fc.record({
    bytes: fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)), {
      maxLength: most,
    }),
    kept: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: 1, freq: 3 }),
  })

export interface Damage {
  bytes: [place: number, byte: number][]
  kept: number
}

/** A copy of a file with its damage done. */
export function damaged(file: Buffer, { bytes, kept }: Damage): Buffer {
  const copy = Buffer.from(file)
  for (const [place, byte] of bytes) copy[Math.floor(place * copy.length)] = byte
  return copy.subarray(0, Math.floor(kept * copy.length))
}
