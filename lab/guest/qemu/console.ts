import { EventEmitter } from 'node:events'

/** What printk puts before a line: its level, the time, from 5.1 on the task or CPU; none of it without CONFIG_PRINTK_TIME. */
const STAMP = String.raw`(?:<\d>)?\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? `

/** With a stamp anywhere, as a program may have left its line unfinished; without one a line of its own. */
const said = (words: string) => new RegExp(`(?:^(?:<\\d>)?(?:${STAMP})?|${STAMP})(${words}[^\\r\\n]*)`, 'm')

/** kernel/panic.c, in every version. A program that prints the words among others is none. */
const PANIC = said('Kernel panic - not syncing')

/** Why an oops became a panic: the panic itself only says "Fatal exception". */
const OOPS = said(String.raw`(?:BUG: |[^\r\n]*: [0-9a-f]{4} \[#\d+\])`)

/**
 * error() of arch/x86/boot/compressed: its reason ("incorrect data check", "crc error", "XZ-compressed data is
 * corrupt"), an empty line, and this, with nothing behind it.
 */
const HALTED = /([^\r\n]*)\s*^ ?-- (System halted)/m

/** Characters; a panic's reason, registers and call trace fit. */
const KEPT = 16384

/** How a kernel died, in its own words. */
export interface Death {
  /** "Kernel panic - not syncing: Fatal exception (BUG: kernel NULL pointer dereference …)" */
  words: string
  /** It did not even unpack itself, which it would do again. */
  forSure: boolean
}

/**
 * Reads a guest's console for the words with which a kernel dies. Not every kernel leaves otherwise: `panic=-1` does
 * not reboot 2.6.32, and one that cannot unpack itself halts. Emits `death` once for each.
 *
 * A case's own commands print there, too. Words alone are no proof once programs run: see attend.ts.
 */
export class Console extends EventEmitter<{ death: [Death] }> {
  /** The last death that was read of; null also when its guest was found to live. */
  death: Death | null = null
  #text = ''

  read(text: string) {
    this.#text = (this.#text + text).slice(-KEPT)
    const found = deathIn(this.#text)
    if (!found) return
    this.#text = this.#text.slice(found.end)
    this.death = found.death
    this.emit('death', found.death)
  }
}

/** The first death that a console's text tells of, and where its words end; null when there is none. */
function deathIn(text: string): { death: Death; end: number } | null {
  const halted = HALTED.exec(text)
  if (halted) {
    const words = [halted[1]!.trim(), halted[2]!].filter(Boolean).join(', ')
    return { death: { words, forSure: true }, end: halted.index + halted[0].length }
  }
  const panic = PANIC.exec(text)
  // The line must be there as a whole.
  const end = panic ? text.indexOf('\n', panic.index) : -1
  if (!panic || end < 0) return null
  const oops = OOPS.exec(text.slice(0, panic.index))?.[1]
  return { death: { words: `${panic[1]}${oops ? ` (${oops})` : ''}`, forSure: false }, end }
}
