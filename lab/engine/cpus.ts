import type { Cpus } from '../guest/guest.ts'

/**
 * Lends pairs of CPUs to guests that run side by side. Each guest gets the pair that the fewest have at that moment, so
 * none is shared while there are as many pairs as guests.
 */
export class CpuPool {
  #guests: number[]

  /** @param pairs at least one */
  constructor(readonly pairs: Cpus[]) {
    this.#guests = pairs.map(() => 0)
  }

  /** Runs `use` with a pair, which is free again when it ends. */
  async lend<T>(use: (pair: Cpus) => Promise<T>): Promise<T> {
    const i = this.#guests.indexOf(Math.min(...this.#guests))
    this.#guests[i]!++
    try {
      return await use(this.pairs[i]!)
    } finally {
      this.#guests[i]!--
    }
  }
}
