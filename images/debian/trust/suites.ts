/** What the Release file of a suite that is finished must say, and who may have signed it. */
export interface Identity {
  codename: string
  label: 'Debian' | 'Debian-Security'
  /** Days between which its last Release file was made: 2020-07-15. An older one would bring old packages back. */
  from: string
  until: string
  /** Fingerprints of the primary keys that sign it. One of them is enough. */
  signers: string[]
  /** The SHA-256 of packed indexes, by their paths below the suite. No other form of such an index is taken. */
  pins?: Record<string, string>
}

/** The keys of Debian's releases, the oldest first. Up to wheezy the archive's own key signed security updates, too. */
const RELEASES = {
  squeeze: {
    archive: '9FED2BCBDCD29CDF762678CBAED4B06F473041FA',
    stable: '0E4EDE2C7F3E1FC0D033800E64481591B98321F9',
    security: '9FED2BCBDCD29CDF762678CBAED4B06F473041FA',
  },
  wheezy: {
    archive: 'A1BD8E9D78F7FE5C3E65D8AF8B48AD6246925553',
    stable: 'ED6D65271AACF0FF15D123036FB2A1C265FFB764',
    security: 'A1BD8E9D78F7FE5C3E65D8AF8B48AD6246925553',
  },
  jessie: {
    archive: '126C0D24BD8A2942CC7DF8AC7638D0442B90D010',
    stable: '75DDC3C4A499F1A18CB5F3C8CBF8D6FD518E17E1',
    security: 'D21169141CECD440F2EB8DDA9D6D8F6BC857C906',
  },
  stretch: {
    archive: 'E1CF20DDFFE4B89E802658F1E0B11894F66AEC98',
    stable: '067E3C456BAE240ACEE88F6FEF0F382A1A7B6500',
    security: '6ED6F5CB5FA6FB2F460AE88EEDA0D2388AE22BA9',
  },
  buster: {
    archive: '80D15823B7FD1561F9F7BCDDDC30D7C23CBBABEE',
    stable: '6D33866EDD8FFA41C0143AEDDCC9EFBF77E11517',
    security: '5E61B217265DA9807A23C5FF4DFAB270CAA96DFA',
  },
  bullseye: {
    archive: '1F89983E0081FDE018F3CC9673A4F27B8DD47936',
    stable: 'A4285295FC7B1A81600062A9605C66F00D6C9793',
    security: 'AC530D520F2F3269F5E98313A48449044AAD5C5D',
  },
  bookworm: {
    archive: 'B8B80B5B623EAB6AD8775C45B7C5D7D6350947F8',
    stable: '4D64FEC119C2029067D6E791F8D2585B8783D481',
    security: '05AB90340C0C5E797F44A8C8254CF3B5AEC0A8F0',
  },
  trixie: {
    archive: '04B54C3CDCA79751B16BC6B5225629DF75B188BD',
    stable: '41587F7DB8C774BCCF131416762F67A0B2C39DE4',
    security: '5E04A1E3223A19A20706E20F9904613D4CCE68C6',
  },
}
type Release = keyof typeof RELEASES
const ORDER = Object.keys(RELEASES) as Release[]

/** A suite is signed with the keys of two releases: its own and its neighbours', the later ones as it grows old. */
function neighbours(release: Release, kind: 'archive' | 'security'): string[] {
  const place = ORDER.indexOf(release)
  return ORDER.slice(Math.max(0, place - 1), place + 3).map((name) => RELEASES[name][kind])
}

const MAIN = 'main/binary-amd64/Packages'

/** A release as its last point release left it. Its Release file is made anew when it becomes older than oldstable. */
const final = (release: Release, from: string, until: string, pins?: Record<string, string>): Identity => ({
  codename: release,
  label: 'Debian',
  from,
  until,
  signers: [...neighbours(release, 'archive'), RELEASES[release].stable],
  pins,
})

/** The security updates of a release as long-term support left them. */
const support = (release: Release, from: string, until: string, codename: string = release): Identity => ({
  codename,
  label: 'Debian-Security',
  from,
  until,
  signers: neighbours(release, 'security'),
})

/**
 * The suites that the lab reads without apt, by their paths below the archive. They begin a few days before the last point
 * release, or in the last month of support; they end a year after support, since archives are made late. Squeeze comes
 * from a time of SHA-1 signatures: its index is pinned, and so are those of which the hash is known from elsewhere.
 */
const SUITES: Record<string, Identity> = {
  'debian/dists/squeeze': final('squeeze', '2014-07-15', '2017-02-28', {
    [`${MAIN}.bz2`]: '3f2ebd5221b9a4bdf7224acf728a51a987c63d32df1bbc20a97f177d2f184045',
  }),
  'debian/dists/squeeze-lts': {
    codename: 'squeeze-lts',
    label: 'Debian',
    from: '2016-02-01',
    until: '2017-02-28',
    signers: neighbours('squeeze', 'archive'),
  },
  'debian/dists/wheezy': final('wheezy', '2016-06-01', '2019-05-31', {
    [`${MAIN}.bz2`]: 'b400e459ce2f8af8621182c3a9ea843f0df3dc2d5662e6c6204f9406f5ff2d41',
  }),
  'debian-security/dists/wheezy/updates': support('wheezy', '2018-05-01', '2019-05-31'),
  'debian/dists/jessie': final('jessie', '2018-06-20', '2021-06-30'),
  'debian-security/dists/jessie/updates': support('jessie', '2020-06-01', '2021-06-30'),
  'debian/dists/stretch': final('stretch', '2020-07-15', '2023-06-30'),
  'debian-security/dists/stretch/updates': support('stretch', '2022-06-01', '2023-06-30'),
  'debian/dists/buster': final('buster', '2022-09-07', '2025-06-30', {
    [`${MAIN}.xz`]: '62e908201deef3b8e0a7da2e770925b31c8a54a8d22fad7cc058034978859a35',
  }),
  'debian-security/dists/buster/updates': support('buster', '2024-06-01', '2025-06-30'),
  'debian/dists/bullseye': final('bullseye', '2024-08-28', '2027-08-31'),
  'debian-security/dists/bullseye-security': support('bullseye', '2026-08-01', '2027-08-31', 'bullseye-security'),
  // As snapshot.debian.org has it, of the months in which it held Linux 3.9.
  sid: {
    codename: 'sid',
    label: 'Debian',
    from: '2013-05-01',
    until: '2013-08-31',
    signers: neighbours('wheezy', 'archive'),
  },
}

/** What is known of a suite. @throws an Error where it is missing from the table: a defect of the lab */
export function identityOf(suite: string): Identity {
  const known = SUITES[suite]
  if (!known) throw new Error(`images/debian/trust/suites.ts does not say who signs ${suite}`)
  return known
}
