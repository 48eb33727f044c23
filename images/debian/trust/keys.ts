import { notReady } from '../../../lab/model/fault.ts'
import type { Supply } from '../../../lab/model/supply.ts'
import { scratch } from '../../cache/cache.ts'
import { shell } from '../../cache/shell.ts'

/** A key that can sign: a primary key of a keyring, or a subkey. */
export interface SigningKey {
  /** The fingerprint of the primary key, by which Debian names its keys. */
  primary: string
  /** Whether it, or its primary key, was revoked. */
  revoked: boolean
  bits: number
  /** Whether it is shorter than anybody should trust today. */
  short: boolean
}

/**
 * The keys of keyrings, by fingerprint; one that is revoked in any of them is revoked. gpg is asked, since gpgv tells of a
 * key that is both expired and revoked only that it expired.
 *
 * @throws a Fault (exit 3) where gpg is missing, or cannot read a keyring
 */
export async function keysIn(keyrings: string[], { signal }: Pick<Supply, 'signal'>): Promise<Map<string, SigningKey>> {
  // A home of its own: the user's has options that change what is printed.
  const said = await scratch('keys', (home) => {
    const quiet = ['--homedir', home, '--batch', '--no-options', '--no-autostart', '--with-colons']
    return shell(signal, { nothrow: true })`gpg ${quiet} --show-keys ${keyrings}`
  })
  if (said.exitCode === 127) throw notReady('no signature can be verified without gpg', 'apt-get install gpg')
  if (said.exitCode !== 0)
    throw notReady(`gpg cannot read ${keyrings.join(' and ')}: ${said.stderr.trim().split('\n')[0]}`)
  return parseKeys(said.stdout)
}

/** Numbers of the algorithms whose keys need 2048 bits: RSA, ElGamal and DSA. Elliptic curves need far fewer. */
const LONG = ['1', '2', '3', '16', '17', '20']

/** Reads what `gpg --with-colons` prints (doc/DETAILS of GnuPG). */
export function parseKeys(colons: string): Map<string, SigningKey> {
  const keys = new Map<string, SigningKey>()
  let [primary, current] = [
    { fingerprint: '', revoked: false },
    { revoked: false, bits: 0, short: false },
  ]
  let isPrimary = false
  for (const line of colons.split('\n')) {
    const field = line.split(':')
    if (field[0] === 'pub' || field[0] === 'sub') {
      const bits = Number(field[2])
      current = { revoked: field[1] === 'r', bits, short: LONG.includes(field[3]!) && !(bits >= 2048) }
      isPrimary = field[0] === 'pub'
    }
    if (field[0] !== 'fpr') continue
    const fingerprint = field[9]!
    if (isPrimary) primary = { fingerprint, revoked: current.revoked }
    const revoked = current.revoked || primary.revoked || (keys.get(fingerprint)?.revoked ?? false)
    keys.set(fingerprint, { ...current, primary: primary.fingerprint, revoked })
  }
  return keys
}
