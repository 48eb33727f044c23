import { setTimeout as pause } from 'node:timers/promises'
import { list } from '../../model/text/amounts.ts'
import type { Note } from '../../model/text/note.ts'
import { type Lock, lockFolder, tryLock } from './lock.ts'
import { type Pair, slotsOf } from './pairs.ts'
import { cpuPairs } from './topology.ts'

/**
 * Milliseconds between two looks for a free pair. Each looks at one pair only, however many there are: those who wait must
 * not disturb those who measure.
 */
const PERIOD = 500

/** What keeps a pair from being taken. */
interface Refused {
  holder: string
}

/**
 * Lends pairs of CPUs to guests. No other lab of the machine has them at the same time, nor other threads of their cores.
 * A guest for which none is free waits for one. Only where more guests of this pool run side by side than there are pairs,
 * as `--jobs` may ask for, do they share what it has: evenly, and threads that no guest is on before others.
 */
export class CpuPool {
  /** So many guests at a time have cores of their own. */
  readonly slots: number
  readonly #guests: number[]
  readonly #locks = new Map<number, Lock>()
  #wanted = 0
  #turn: Promise<unknown> = Promise.resolve()

  /**
   * @param pairs at least one
   * @param folder where labs agree, as {@link lockFolder} has it; null: the machine is another one, whose labs are not seen
   * @param confine told of each pair before it is used
   */
  constructor(
    readonly pairs: Pair[],
    readonly folder: string | null,
    readonly confine: (pair: Pair) => Promise<void> = async () => {},
  ) {
    this.slots = slotsOf(pairs)
    this.#guests = pairs.map(() => 0)
  }

  /**
   * Runs `use` with a pair, which is free again when it ends.
   *
   * @param note told when it must wait, and for whom
   * @param signal ends the waiting
   * @throws what `use` throws; the signal's reason; a Fault (exit 3) where there can be no locks
   */
  async lend<T>(use: (pair: Pair) => Promise<T>, note: Note, signal: AbortSignal): Promise<T> {
    const shares = ++this.#wanted > this.slots
    try {
      const turn = this.#turn.then(() => this.#take(shares, note, signal))
      this.#turn = turn.catch(() => {})
      const i = await turn
      try {
        const pair = this.pairs[i]!
        await this.confine(pair)
        return await use(pair)
      } finally {
        this.#guests[i]!--
        this.#releaseUnused()
      }
    } finally {
      this.#wanted--
    }
  }

  /** @returns the index of a pair on which one more guest is counted from now on */
  async #take(shares: boolean, note: Note, signal: AbortSignal): Promise<number> {
    let told = false
    const wait = async (why: string) => {
      if (!told) note(`waiting for CPUs: ${why}`)
      told = true
      await pause(PERIOD, undefined, { signal })
    }
    const line = await this.#standInLine(shares, wait, signal)
    try {
      for (let round = 0; ; round++) {
        signal.throwIfAborted()
        const all = this.pairs.keys()
        const looked = line === null ? [] : round ? [(round - 1) % this.pairs.length] : [...all]
        const holders: string[] = []
        for (const i of looked) {
          const refused = await this.#lock(this.pairs[i]!)
          if (refused === null) return this.#counted(i)
          holders.push(refused.holder)
        }
        const shared = shares ? this.#leastUsed() : null
        if (shared !== null) return this.#counted(shared)
        await wait(`${list([...new Set(holders)])} ${new Set(holders).size > 1 ? 'have' : 'has'} them`)
      }
    } finally {
      line?.release()
    }
  }

  /**
   * Waits until nobody is before it: else a lab between two boots would always be the fastest. A guest that may share need not: null where somebody is.
   */
  async #standInLine(shares: boolean, wait: (why: string) => Promise<void>, signal: AbortSignal): Promise<Lock | null> {
    for (;;) {
      signal.throwIfAborted()
      const line = this.folder === null ? UNLOCKED : await tryLock(this.folder, 'line')
      if ('release' in line) return line
      if (shares && this.#leastUsed() !== null) return null
      await wait(`${line.holder} is the next to get some`)
    }
  }

  /** Takes all CPUs of a pair's cores, in order, or none. */
  async #lock({ cores }: Pair): Promise<Refused | null> {
    if (cores.some((cpu) => this.#locks.has(cpu))) return { holder: 'this lab' }
    const taken: [number, Lock][] = []
    for (const cpu of cores) {
      const lock = this.folder === null ? UNLOCKED : await tryLock(this.folder, cpu)
      if ('holder' in lock) {
        for (const [, one] of taken) one.release()
        return lock
      }
      taken.push([cpu, lock])
    }
    for (const [cpu, lock] of taken) this.#locks.set(cpu, lock)
    return null
  }

  #counted(i: number): number {
    this.#guests[i]!++
    return i
  }

  /** The pair with the fewest guests of those whose cores this pool has; null where it has none. */
  #leastUsed(): number | null {
    const mine = [...this.pairs.keys()].filter((i) => this.pairs[i]!.cores.every((cpu) => this.#locks.has(cpu)))
    return mine.length ? mine.reduce((least, i) => (this.#guests[i]! < this.#guests[least]! ? i : least)) : null
  }

  #releaseUnused() {
    const used = new Set(this.pairs.flatMap(({ cores }, i) => (this.#guests[i] ? cores : [])))
    for (const [cpu, lock] of this.#locks) {
      if (used.has(cpu)) continue
      this.#locks.delete(cpu)
      lock.release()
    }
  }
}

/** What stands for a lock where nobody is to agree with. */
const UNLOCKED: Lock = { release: () => {} }

let own: CpuPool | undefined

/** The pool of this process: all guests that it starts on this machine share it. */
export function ownCpus(): CpuPool {
  own ??= new CpuPool(cpuPairs(), lockFolder())
  return own
}
