import { readFileSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT, Fault } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { shell } from '../cache/shell.ts'
import { mirrorUri } from './mirrors.ts'

/** Values that apt reads as false. */
const OFF = '"(false|no|off|without|disable|0+)"'
/** Options that let anybody pass for an https: mirror, for all hosts or one. */
const WEAK_TLS = new RegExp(`^Acquire::https(::\\S+)?::Verify-(Peer|Host) ${OFF}`, 'i')
/** Options that make apt take an index of any date. */
const NO_DATE = new RegExp(`^Acquire::Check-(Valid-Until|Date) ${OFF}`, 'i')

/** How the host's apt fetches. */
interface Transfers {
  /** Its settings: proxies, time-outs, checks of dates. Sources and hooks are left out, and what weakens checks. */
  options: string[]
  /** What of its configuration weakens apt's checks: the first option of each kind, with the file that has it. */
  weakened: { tls?: string; date?: string }
}

/** Reads how the host's apt fetches. */
export async function transfers(supply: Pick<Supply, 'signal'>): Promise<Transfers> {
  const lines = (await shell(supply.signal)`apt-config dump`).stdout.split('\n')
  const named = async (pattern: RegExp) => {
    const option = lines.find((line) => pattern.test(line))?.replace(/;$/, '')
    return option && `${option} (${await fileOf(option, supply)})`
  }
  return {
    options: lines.filter((line) => /^Acquire::(https?|Check|ForceIPv|Retries)/i.test(line) && !WEAK_TLS.test(line)),
    weakened: { tls: await named(WEAK_TLS), date: await named(NO_DATE) },
  }
}

/** The file of apt's configuration that sets an option. They nest, and apt does not tell: the last word is looked for. */
async function fileOf(option: string, { signal }: Pick<Supply, 'signal'>): Promise<string> {
  const { stdout } = await shell(signal)`apt-config shell main Dir::Etc::main/f parts Dir::Etc::parts/d`
  const [, main, parts] = /^main='(.*)'\nparts='(.*)'/.exec(stdout) ?? []
  // Often /dev/null, for none.
  const isFolder = parts && statSync(parts, { throwIfNoEntry: false })?.isDirectory()
  const inParts = isFolder ? (await readdir(parts)).sort().map((file) => join(parts, file)) : []
  // apt reads them in this order, and the last one counts.
  const files = [process.env.APT_CONFIG, ...inParts, main].flatMap((path) => (path && isFile(path) ? [path] : []))
  const word = /::([\w-]+) /.exec(option.replace(/.*::/, '::'))![1]!.toLowerCase()
  const having = files.filter((path) => readFileSync(path, 'utf8').toLowerCase().includes(word))
  return having.at(-1) ?? "the host's apt configuration"
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

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
    'apt.conf.d/90host': (await transfers(supply)).options.map((line) => `${line}\n`).join(''),
  }
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
