import { lengthened } from '../measure/lengthened.ts'
import { tally } from '../measure/numbers/tally.ts'
import { readEvents } from '../model/events.ts'
import { counted } from '../model/text/amounts.ts'
import { eventsOfABoot } from '../saved/reference.ts'

/** How long the lab takes to count the events of a long boot, during which it watches no other guest, and its memory by then. */
export function hour(): string {
  const events = lengthened(readEvents(eventsOfABoot()).events, 1000)
  const since = performance.now()
  const { resets, resetsByReload } = tally(events)
  const seconds = (performance.now() - since) / 1000
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20)
  return `${counted(resetsByReload.length, 'reload')} and ${counted(resets, 'reset')} of one boot: counted in ${seconds.toFixed(1)} s, with ${memory} MiB`
}
