import fc from 'fast-check'
import { Unmeasurable } from '../measure/numbers/boot-events.ts'
import { tally } from '../measure/numbers/tally.ts'
import { readEvents } from '../model/events.ts'
import { actingIn } from '../model/text/plain.ts'
import { eventsOfABoot } from '../saved/reference.ts'
import { target } from './target.ts'

const TEXT = eventsOfABoot()
const LINES = TEXT.split('\n').filter(Boolean)
const RESETS = tally(readEvents(TEXT).events).resets

const line = fc.nat(LINES.length - 1)
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
/** What can happen to a stream on its way. */
const change = fc.oneof(
  fc.record({ do: fc.constant('cut' as const), at: place }),
  fc.record({ do: fc.constant('drop' as const), line, renumber: fc.boolean() }),
  fc.record({ do: fc.constant('double' as const), line, renumber: fc.boolean() }),
  fc.record({ do: fc.constant('swap' as const), line, other: line, renumber: fc.boolean() }),
  fc.record({ do: fc.constant('byte' as const), at: place, byte: fc.integer({ min: 0, max: 127 }) }),
  fc.record({ do: fc.constant('digit' as const), line, which: fc.nat(40), digit: fc.nat(9) }),
)
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

function changed(change: Change): string {
  const lines = [...LINES]
  switch (change.do) {
    case 'cut':
      return TEXT.slice(0, Math.floor(change.at * TEXT.length))
    case 'byte': {
      const at = Math.floor(change.at * TEXT.length)
      return TEXT.slice(0, at) + String.fromCharCode(change.byte) + TEXT.slice(at + 1)
    }
    case 'digit': {
      let seen = 0
      const digits = lines[change.line]!.match(/\d/g)!.length
      lines[change.line] = lines[change.line]!.replace(/\d/g, (old) =>
        seen++ === change.which % digits ? String(change.digit) : old,
      )
      return lines.join('\n')
    }
    case 'drop':
      lines.splice(change.line, 1)
      break
    case 'double':
      lines.splice(change.line, 0, lines[change.line]!)
      break
    case 'swap':
      ;[lines[change.line], lines[change.other]] = [lines[change.other]!, lines[change.line]!]
  }
  return change.renumber ? renumbered(lines) : lines.join('\n')
}

/** As if nothing had been lost: what counts the lines agrees with them. */
const renumbered = (lines: string[]) =>
  lines
    .map((line, i) => {
      const event = JSON.parse(line)
      return JSON.stringify({ ...event, n: i + 1, ...(event.e === 'done' && { lines: i + 1 }) })
    })
    .join('\n')

export const streams = target({
  name: 'streams',
  holds:
    'a stream that was cut, or that lost, doubled, moved or changed a line, has the resets of the whole, or is refused',
  input: change,
  check: (change) => {
    const { events, broken } = readEvents(changed(change))
    const acting = actingIn({ events, broken })
    if (acting.length) throw new Error(`${acting[0]!.character} got through`)
    if (broken !== null) return
    let resets: number
    try {
      resets = tally(events).resets
    } catch (error) {
      if (error instanceof Unmeasurable) return
      throw error
    }
    if (resets !== RESETS) throw new Error(`${resets} resets, of ${RESETS}`)
  },
  kept: [{ do: 'byte', at: 0, byte: 0x7f }],
})
