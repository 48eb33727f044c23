import { EXIT, Fault } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { shell } from '../cache/shell.ts'
import { mirrorUri } from './mirrors.ts'

/** The host's settings for transfers (proxies, time-outs, checks of dates), without its sources and hooks. */
export async function transport({ signal }: Pick<Supply, 'signal'>): Promise<string[]> {
  const dump = await shell(signal)`apt-config dump`
  return dump.stdout.split('\n').filter((line) => /^Acquire::(https?|Check|Force|Retries)/.test(line))
}

/**
 * What makes apt elsewhere read a suite as the host's own apt would: files below /etc/apt, by their paths there. None on a
 * host that has no apt, or whose apt knows no mirror that others can reach.
 */
export async function hostApt(suite: string, supply: Supply): Promise<Record<string, string>> {
  const uri = await mirrorUri(suite, { ...supply, mirror: undefined }).catch((error) => {
    if (error instanceof Fault && error.exit === EXIT.notReady) return null
    throw error
  })
  if (!uri || uri.startsWith('file:')) return {}
  const fields = { Types: 'deb', URIs: uri, Suites: suite, Components: 'main', 'Signed-By': KEYRING }
  const lines = Object.entries(fields).map(([key, value]) => `${key}: ${value}\n`)
  return {
    // Images of Debian name their sources in one or the other.
    'sources.list': '',
    'sources.list.d/debian.sources': lines.join(''),
    'apt.conf.d/90host': (await transport(supply)).map((line) => `${line}\n`).join(''),
  }
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
