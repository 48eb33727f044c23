import { existsSync } from 'node:fs'
import { $ } from 'zx'
import { EXIT, Fault, notReady } from '../../lab/model/fault.ts'
import { mirrors } from './mirrors.ts'

const KEYRINGS = '/usr/share/keyrings'
/** Where Debian's own keys are; those of old releases, expired since, are in the second. */
const DEBIAN = [`${KEYRINGS}/debian-archive-keyring.gpg`, `${KEYRINGS}/debian-archive-removed-keys.gpg`]

/** What came is not what it should be: no other place may make up for it. */
export class Distrusted extends Fault {
  constructor(message: string, hint?: string) {
    super(message, EXIT.notReady, hint)
  }
}

/**
 * Makes sure that a file was signed by a key of Debian's archive, or by one of the keyring that the user named. A key
 * that has expired since is as good as any for what it signed before.
 *
 * @param what names the file in errors
 * @param file path of the file
 * @param signature path of its detached signature
 * @throws a {@link Distrusted} that says what is wrong with the signature; another Fault when it cannot be checked
 */
export async function verifySignature(what: string, file: string, signature: string): Promise<void> {
  const { keyring } = mirrors()
  const keyrings = [...DEBIAN.filter(existsSync), ...(keyring ? [keyring] : [])]
  const missing = DEBIAN.filter((path) => !existsSync(path))
  const install = 'apt-get install debian-archive-keyring'
  if (!keyrings.length) throw notReady(`${what} cannot be verified: there is no ${missing.join(' and no ')}`, install)
  const chosen = keyrings.flatMap((path) => ['--keyring', path])
  const said = await $({ quiet: true, nothrow: true })`gpgv --status-fd 1 ${chosen} ${signature} ${file}`
  if (said.exitCode === 127) throw notReady(`${what} cannot be verified without gpgv`, 'apt-get install gpgv')
  const flaw = judge(said.stdout)
  if (flaw)
    throw new Distrusted(
      `${what} ${flaw}`,
      missing.length ? `${install}: there is no ${missing.join(', ')}` : undefined,
    )
}

/**
 * What is wrong with a file's signatures, by gpgv's status lines (doc/DETAILS of GnuPG); null when nothing is. One
 * good signature will do, since an archive signs with the keys of two releases; one that does not match never will.
 */
export function judge(status: string): string | null {
  const lines = Array.from(status.matchAll(/^\[GNUPG:\] (\S+) ?(.*)$/gm), ([, word, rest]) => [word!, rest!] as const)
  if (lines.some(([word]) => word === 'BADSIG'))
    return 'has a signature that does not match: it was changed after it was signed'
  // NEWSIG begins what there is to say about one signature.
  const starts = lines.flatMap(([word], i) => (word === 'NEWSIG' ? [i] : []))
  const flaws = starts.map((start, i) => judgeOne(new Map(lines.slice(start, starts[i + 1]))))
  if (!flaws.length) return 'has no signature that gpgv can read'
  return flaws.includes(null) ? null : [...new Set(flaws)].join(', and ')
}

function judgeOne(of: Map<string, string>): string | null {
  const key = ['NO_PUBKEY', 'ERRSIG', 'VALIDSIG'].map((word) => of.get(word)?.split(' ')[0]).find(Boolean) ?? 'unknown'
  // VALIDSIG: fingerprint, date, time of the signature; seconds since 1970, as in KEYEXPIRED.
  const signed = Number(of.get('VALIDSIG')?.split(' ')[2])
  if (of.has('GOODSIG') && signed > 0) return null
  if (of.has('EXPKEYSIG') && signed > 0) {
    const expired = Number(of.get('KEYEXPIRED'))
    if (signed <= expired) return null
    return `was signed on ${day(signed)} by key ${key}, which had expired${expired > 0 ? ` on ${day(expired)}` : ''}`
  }
  if (of.has('NO_PUBKEY')) return `is signed by key ${key}, which is in none of the keyrings`
  if (of.has('REVKEYSIG')) return `is signed by key ${key}, which was revoked`
  if (of.has('EXPSIG')) return `has a signature by key ${key} that has expired`
  return `has a signature by key ${key} that cannot be checked`
}

const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10)
