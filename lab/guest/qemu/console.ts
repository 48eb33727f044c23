import { EventEmitter } from 'node:events'

/** What printk puts before a line: its level, the time, from 5.1 on the task or CPU; none of it without CONFIG_PRINTK_TIME. */
const STAMP = String.raw`(?:<\d>)?\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? `

/** Words with a stamp may stand anywhere, as a program may have left its line unfinished; without one they begin a line. */
const said = (words: string) => new RegExp(`(?:^(?:<\\d>)?(?:${STAMP})?|${STAMP})(${words}[^\\r\\n]*)`, 'm')

/** kernel/panic.c, in every version. */
const PANIC = said('Kernel panic - not syncing')

/** Why an oops became a panic: the panic itself only says "Fatal exception". */
const OOPS = said(String.raw`(?:BUG: |[^\r\n]*: [0-9a-f]{4} \[#\d+\])`)

/**
 * error() of arch/x86/boot/compressed: its reason ("incorrect data check", "crc error", "XZ-compressed data is
 * corrupt"), an empty line, and this, with nothing behind it.
 */
const HALTED = /([^\r\n]*)\s*^ ?-- (System halted)/m

/** Characters of the console that are kept: a panic's reason, registers and call trace fit. */
const KEPT = 16384

/** How a kernel died, in its own words. */
export interface Death {
  /** "Kernel panic - not syncing: Fatal exception (BUG: kernel NULL pointer dereference …)" */
  words: string
  /** Whether the kernel did not even unpack itself: another start would end alike. */
  forSure: boolean
}

/**
 * Searches a guest's console for the words of a dying kernel, and emits `death` once for each. QEMU does not always end
 * with its kernel: `panic=-1` does not reboot 2.6.32, and a kernel that cannot unpack itself halts.
 *
 * The commands of a case print there, too, so the words alone prove nothing once programs run: see attend.ts.
 */
export class Console extends EventEmitter<{ death: [Death] }> {
  /** The last death found; set to null again when the guest turns out to be alive. */
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

/** The first death in a console's text, and where its words end; null when there is none. */
function deathIn(text: string): { death: Death; end: number } | null {
  const halted = HALTED.exec(text)
  if (halted) {
    const words = [halted[1]!.trim(), halted[2]!].filter(Boolean).join(', ')
    return { death: { words, forSure: true }, end: halted.index + halted[0].length }
  }
  const panic = PANIC.exec(text)
  // The line may not have come to its end yet.
  const end = panic ? text.indexOf('\n', panic.index) : -1
  if (!panic || end < 0) return null
  const oops = OOPS.exec(text.slice(0, panic.index))?.[1]
  return { death: { words: `${panic[1]}${oops ? ` (${oops})` : ''}`, forSure: false }, end }
}
