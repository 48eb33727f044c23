import { notReady } from '../../../lab/model/fault.ts'
import type { Note } from '../../../lab/model/text/note.ts'
import { Distrusted } from '../signature.ts'
import type { Stanza } from '../stanzas.ts'

const DAY = 24 * 3600 * 1000

/** How long, in days, an index counts on a host whose apt takes indexes of any date. Some mirrors lag behind by months. */
const LAG = 180

/**
 * Makes sure that the Release file of a live suite is that of the suite which was asked for, which apt only warns of, and of
 * its time, which apt checks where the host has not turned that off.
 *
 * @param unchecked the host's option that turned it off, with its file
 * @throws a {@link Distrusted} where it is of another suite; a Fault (exit 3) where it is too old, or of a time to come
 */
export function checkLive(
  suite: string,
  release: Stanza,
  unchecked: string | undefined,
  note: Note,
  now = Date.now(),
): void {
  // Debian's experimental has another codename; stable and testing are not asked for.
  if (![release.Codename, release.Suite].includes(suite))
    throw new Distrusted(`the mirror's index of ${suite} is that of ${release.Codename ?? release.Suite ?? 'no suite'}`)
  const [made, until] = [Date.parse(release.Date ?? ''), Date.parse(release['Valid-Until'] ?? '')]
  const ahead = (made - now) / DAY
  const late = (now - until) / DAY
  const off = Math.max(ahead, Number.isNaN(late) ? 0 : late)
  if (off <= 1) return
  const said = `Debian's index of ${suite} is ${late > 1 ? `valid until ${release['Valid-Until']}` : `of ${release.Date}`}`
  const why = unchecked ? `, and ${unchecked} lets it pass` : ''
  if (Number.isNaN(off) || off > LAG)
    throw notReady(`${said}${why}; expected at most ${LAG} days`, 'see the date of this host, and its mirror')
  note(`${said}${why}`)
}
