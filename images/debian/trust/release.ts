import { Distrusted } from '../signature.ts'
import type { Stanza } from '../stanzas.ts'
import type { Identity } from './suites.ts'

/**
 * Makes sure that a Release file is that of the suite which was asked for, in its last state. Its signature alone does not
 * tell: the same keys sign many suites, and every state of each.
 *
 * @param what names the file in errors
 * @throws a {@link Distrusted} that names the field
 */
export function checkRelease(what: string, release: Stanza, { codename, label, from, until }: Identity): void {
  const wanted = { Origin: 'Debian', Label: label, Codename: codename }
  for (const [field, value] of Object.entries(wanted))
    if (release[field] !== value)
      throw new Distrusted(`${what} is of another suite: its ${field} is ${release[field] ?? 'missing'}, not ${value}`)
  const day = dayOf(release.Date)
  if (!day || day < from || day > until)
    throw new Distrusted(
      `${what} is of ${day ?? 'an unknown day'} (Date: ${release.Date ?? 'missing'}), not between ${from} and ${until}`,
    )
}

/** The day (UTC) of a date as Release files write it: 2020-07-18. */
function dayOf(date = ''): string | null {
  const time = Date.parse(date)
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, 10)
}
