import { resolve } from 'node:path'
import type { Note } from '../model/note.ts'
import type { Supply } from '../model/supply.ts'

/** The supply that options name, else the environment: HITLESS_MIRROR for --mirror. */
export function supplyFrom(
  options: Partial<Pick<Supply, 'mirror' | 'archive' | 'snapshot' | 'keyring' | 'offline'>>,
  note: Note,
  signal: AbortSignal,
): Supply {
  const from = (name: 'mirror' | 'archive' | 'snapshot' | 'keyring') =>
    options[name] || process.env[`HITLESS_${name.toUpperCase()}`] || undefined
  const uri = (name: 'mirror' | 'archive' | 'snapshot') => from(name)?.replace(/\/+$/, '')
  const keyring = from('keyring')
  return {
    mirror: uri('mirror'),
    archive: uri('archive'),
    snapshot: uri('snapshot'),
    keyring: keyring && resolve(keyring),
    offline: options.offline || process.env.HITLESS_OFFLINE === '1',
    note,
    signal,
  }
}
