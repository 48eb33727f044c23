import { plain } from '../model/text/plain.ts'

/** Lines; a panic with its call trace fits. */
const LINES = 60

/** Characters that are kept: lines of 500 fit. */
const KEPT = 500 * LINES

/** The end of what a guest's console has shown, as a terminal may have it. */
export class ConsoleTail {
  #text = ''

  add(text: string) {
    this.#text = (this.#text + text).slice(-KEPT)
  }

  /** The last lines that are not empty. */
  lines(): string[] {
    return this.#text.trimEnd().split(/\r*\n/).filter(Boolean).slice(-LINES).map(plain)
  }
}
