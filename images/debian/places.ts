/** A place that has packages: suites of the live mirror, or of the archive. The newest version in any of its suites wins. */
export type Place =
  | { at: 'live'; suites: string[] }
  /** Suites by their paths below the archive: debian-security/dists/stretch/updates. */
  | { at: 'archive'; suites: string[] }

/** Suites of the live mirror. */
export const live = (...suites: string[]): Place => ({ at: 'live', suites })

/** A stable release there, with its security updates. */
export const released = (suite: string): Place => live(suite, `${suite}-security`)

/** A release in the archive: its last point release, and what long-term support added until its end. */
export const archived = (suite: string, support = `debian-security/dists/${suite}/updates`): Place => ({
  at: 'archive',
  suites: [support, `debian/dists/${suite}`],
})
