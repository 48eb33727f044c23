import { existsSync, readFileSync } from 'node:fs'
import { usage } from '../../lab/model/fault.ts'
import { sha256 } from '../cache/cache.ts'

/** Where packages come from. URIs begin with http:, https: or file: and end without a slash. */
export interface Mirrors {
  /** A mirror of the tree `debian`, in place of the one that the host's apt names; null: that one. */
  mirror: string | null
  /** What holds `debian` and `debian-security` of releases that have left the mirrors. */
  archive: string
  /** What holds every package that Debian ever had: the API (`mr`), `archive` and `file`. */
  snapshot: string
  /** A keyring that is trusted beside Debian's own, or null. */
  keyring: string | null
  /** Whether the network is out of bounds: then only the cache and `file:` count. */
  offline: boolean
}

/** The environment variables and the options of lab/run.ts that set them. */
const SETTINGS = {
  mirror: ['HITLESS_MIRROR', '--mirror'],
  archive: ['HITLESS_ARCHIVE', '--archive'],
  snapshot: ['HITLESS_SNAPSHOT', '--snapshot'],
  keyring: ['HITLESS_KEYRING', '--keyring'],
  offline: ['HITLESS_OFFLINE', '--offline'],
} as const

type Setting = keyof typeof SETTINGS

/**
 * Where packages come from, as the environment has it at this moment. The one place that reads these variables.
 *
 * @throws a Fault (exit 2) that names the variable, the option, the value found and what was expected
 */
export function mirrors(): Mirrors {
  return {
    mirror: uri('mirror') ?? null,
    archive: uri('archive') ?? 'http://archive.debian.org',
    snapshot: uri('snapshot') ?? 'http://snapshot.debian.org',
    keyring: keyring(),
    offline: offline(),
  }
}

/**
 * A short word for the mirrors in use, to keep apart in the cache what came from different ones; empty when nothing
 * is replaced.
 */
export function mirrorsKey(): string {
  const { mirror, archive, snapshot, keyring } = mirrors()
  const changed = [mirror ?? '', value('archive') ? archive : '', value('snapshot') ? snapshot : '', keyring ?? '']
  return changed.some(Boolean) ? `.${sha256(...changed).slice(0, 8)}` : ''
}

const value = (setting: Setting) => process.env[SETTINGS[setting][0]] || undefined

function uri(setting: Setting): string | undefined {
  const given = value(setting)
  if (given === undefined) return undefined
  if (!URL.canParse(given) || !/^(https?|file):$/.test(new URL(given).protocol))
    throw wrong(setting, 'a URI that begins with http:, https: or file:')
  return given.replace(/\/+$/, '')
}

function keyring(): string | null {
  const path = value('keyring')
  if (path === undefined) return null
  if (!path.startsWith('/') || !existsSync(path)) throw wrong('keyring', 'the absolute path of a file with public keys')
  if (readFileSync(path, 'latin1').startsWith('-----BEGIN'))
    throw wrong('keyring', 'keys as gpgv reads them, not in ASCII armour', `gpg --dearmor ${path}`)
  return path
}

function offline(): boolean {
  const given = value('offline') ?? '0'
  if (given !== '0' && given !== '1') throw wrong('offline', '1 or 0')
  return given === '1'
}

function wrong(setting: Setting, expected: string, hint?: string) {
  const [variable, option] = SETTINGS[setting]
  return usage(`${option} (${variable}) ${JSON.stringify(value(setting))}: expected ${expected}`, hint)
}
