import { type HostFacts, type Outcome, UNSEEN } from '../model/outcome.ts'
import { plain } from '../model/text/plain.ts'
import { ConsoleTail } from './console-tail.ts'
import type { BootObserver } from './engine.ts'

/** What an engine has seen of a boot so far: its command and the end of its console, should it fail. */
export class Seen {
  facts: HostFacts
  #tail = new ConsoleTail()

  /** @param known before it begins */
  constructor(readonly known: HostFacts = UNSEEN) {
    this.facts = { ...known }
  }

  /** The same observer; this one learns of what it is told. */
  watching(observer: BootObserver): BootObserver {
    return {
      ...observer,
      command: (argv) => {
        this.facts.command = argv
        observer.command(argv)
      },
      console: (text) => {
        this.#tail.add(text)
        observer.console(text)
      },
    }
  }

  /** The boot begins once more. */
  again() {
    this.facts = { ...this.known }
    this.#tail = new ConsoleTail()
  }

  /** @param seen what is known now that it has ended */
  done(seen: Partial<HostFacts>): Outcome {
    return { kind: 'done', facts: { ...this.facts, ...seen }, consoleTail: this.#tail.lines() }
  }

  failed(reason: string): Outcome {
    return { kind: 'failed', facts: this.facts, reason: plain(reason), consoleTail: this.#tail.lines() }
  }
}
