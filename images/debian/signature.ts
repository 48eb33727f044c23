import { existsSync } from 'node:fs'
import { EXIT, Fault, notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { shell } from '../cache/shell.ts'
import { keysIn, type SigningKey } from './trust/keys.ts'

const KEYRINGS = '/usr/share/keyrings'
/** Debian's own keyrings; the second has the keys of old releases, which have expired. */
const DEBIAN = [`${KEYRINGS}/debian-archive-keyring.gpg`, `${KEYRINGS}/debian-archive-removed-keys.gpg`]

/** What was fetched is not what it should be: it must not be replaced from elsewhere without a word. */
export class Distrusted extends Fault {
  constructor(message: string, hint?: string) {
    super(message, EXIT.notReady, hint)
  }
}

/** Who may sign a file. */
export interface Signers {
  /** Fingerprints of primary keys of Debian's keyrings. Keys of the supply's keyring may sign everything. */
  signers: string[]
  /** Whether a signature over SHA-1 counts, since the hash of what is signed is known from elsewhere. */
  pinned: boolean
}

/**
 * Makes sure that a file was signed by one of the keys of Debian's archive that may, or by one of the supply's keyring. An
 * expired key counts for what it signed before it expired; no library judges so, hence gpgv's status lines are read here.
 *
 * @param what names the file in errors
 * @param file path of the file
 * @param signature path of its detached signature
 * @param debian paths of Debian's keyrings
 * @throws a {@link Distrusted} that says what is wrong with the signature; another Fault when it cannot be checked
 */
export async function verifySignature(
  what: string,
  file: string,
  signature: string,
  { signers, pinned }: Signers,
  supply: Supply,
  debian = DEBIAN,
): Promise<void> {
  const { keyring, signal } = supply
  const keyrings = [...debian.filter(existsSync), ...(keyring ? [keyring] : [])]
  const missing = debian.filter((path) => !existsSync(path))
  const install = 'apt-get install debian-archive-keyring'
  if (!keyrings.length) throw notReady(`${what} cannot be verified: there is no ${missing.join(' and no ')}`, install)
  const chosen = keyrings.flatMap((path) => ['--keyring', path])
  const said = await shell(signal, { nothrow: true })`gpgv --status-fd 1 ${chosen} ${signature} ${file}`
  if (said.exitCode === 127) throw notReady(`${what} cannot be verified without gpgv`, 'apt-get install gpgv')
  const own = keyring ? await keysIn([keyring], supply) : new Map<string, SigningKey>()
  const trust = { keys: await keysIn(keyrings, supply), signers: [...signers, ...own.keys()], pinned }
  const flaw = judge(said.stdout, trust)
  if (flaw)
    throw new Distrusted(
      `${what} ${flaw}`,
      missing.length ? `${install}: there is no ${missing.join(', ')}` : undefined,
    )
}

/** What signatures are judged by: the keys of all keyrings, by fingerprint, and which of them may sign. */
export type Trust = Signers & { keys: Map<string, SigningKey> }

/**
 * What is wrong with a file's signatures, by gpgv's status lines (doc/DETAILS of GnuPG); null when nothing is. One good
 * signature is enough, since an archive signs with the keys of two releases; one that does not match is always refused.
 */
export function judge(status: string, trust: Trust): string | null {
  const lines = Array.from(status.matchAll(/^\[GNUPG:\] (\S+) ?(.*)$/gm), ([, word, rest]) => [word!, rest!] as const)
  if (lines.some(([word]) => word === 'BADSIG'))
    return 'has a signature that does not match: it was changed after it was signed'
  // NEWSIG begins the lines about one signature.
  const starts = lines.flatMap(([word], i) => (word === 'NEWSIG' ? [i] : []))
  const flaws = starts.map((start, i) => judgeOne(new Map(lines.slice(start, starts[i + 1])), trust))
  if (!flaws.length) return 'has no signature that gpgv can read'
  return flaws.includes(null) ? null : [...new Set(flaws)].join(', and ')
}

function judgeOne(lines: Map<string, string>, trust: Trust): string | null {
  const key =
    ['NO_PUBKEY', 'ERRSIG', 'VALIDSIG'].map((word) => lines.get(word)?.split(' ')[0]).find(Boolean) ?? 'unknown'
  // VALIDSIG: fingerprint, date, time of the signature; seconds since 1970, as in KEYEXPIRED.
  const signed = Number(lines.get('VALIDSIG')?.split(' ')[2])
  if (lines.has('GOODSIG') && signed > 0) return judgeKey(key, lines, trust)
  if (lines.has('EXPKEYSIG') && signed > 0) {
    const expired = Number(lines.get('KEYEXPIRED'))
    if (signed <= expired) return judgeKey(key, lines, trust)
    return `was signed on ${day(signed)} by key ${key}, which had expired${expired > 0 ? ` on ${day(expired)}` : ''}`
  }
  if (lines.has('NO_PUBKEY')) return `is signed by key ${key}, which is in none of the keyrings`
  if (lines.has('REVKEYSIG')) return `is signed by key ${key}, which was revoked`
  if (lines.has('EXPSIG')) return `has a signature by key ${key} that has expired`
  return `has a signature by key ${key} that cannot be checked`
}

/** The digests that nobody can forge, by their numbers in OpenPGP: SHA-256, SHA-384, SHA-512, SHA-224. */
const STRONG = ['8', '9', '10', '11']

/** What is wrong with the key of a signature that matches, or with its digest. */
function judgeKey(fingerprint: string, lines: Map<string, string>, { keys, signers, pinned }: Trust): string | null {
  const key = keys.get(fingerprint)
  const signed = `is signed by key ${fingerprint}`
  if (!key) return `${signed}, of which gpg tells nothing`
  if (key.revoked) return `${signed}, which was revoked`
  if (key.short) return `${signed}, which has only ${key.bits} bits`
  if (!signers.includes(key.primary)) return `${signed}, which does not sign this suite`
  // VALIDSIG goes on: expiry, version, reserved, algorithm of the key, digest.
  const digest = lines.get('VALIDSIG')!.split(' ')[7]!
  if (!pinned && !STRONG.includes(digest)) return `${signed} over a weak digest (SHA-1 or older)`
  return null
}

const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10)
