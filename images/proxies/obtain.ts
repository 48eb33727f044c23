import { constants, existsSync } from 'node:fs'
import { access, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { quote } from 'zx/core'
import { Fault, notReady, usage } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { inRange } from '../../lab/model/text/range.ts'
import { buildNewest } from '../debian/build.ts'
import type { Patience } from '../debian/http.ts'
import { Distrusted } from '../debian/signature.ts'
import { sourcesIn } from '../debian/sources.ts'
import { describe } from '../kernels/bzimage.ts'
import { askProgram } from './ask.ts'
import { describeElf } from './elf.ts'
import type { ProxySpec } from './proxies.ts'
import type { ProxyKind } from './proxy.ts'

/** A static program of a proxy, for x86-64. */
export interface ObtainedProxy {
  path: string
  /** 2.6.12 */
  version: string
  /** Debian's version of the source it is built from (2.6.12-1+deb12u3); null for a user's own. */
  debian: string | null
}

/**
 * Obtains a proxy: a series, built from Debian's source when it is not in the cache, or a user's own program.
 *
 * @param tls whether it must speak TLS; of a user's own program that is not looked at
 * @param patience with the archive
 * @throws a Fault: exit 2 for an unknown series or a program that cannot run in a guest, exit 3 when the source is
 *   unavailable
 */
export async function obtainProxy(
  { proxy, which }: ProxySpec,
  supply: Supply,
  { tls = false, patience }: { tls?: boolean; patience?: Patience } = {},
): Promise<ObtainedProxy> {
  if (which.includes('/')) return ownProxy(proxy, which, supply)
  const { name, title } = proxy
  const place = proxy.series[which]
  const choices = Object.keys(proxy.series).join(', ')
  if (!place) throw usage(`no ${title} ${which}: choose ${choices} or the path of a static program`)
  try {
    const sources = await sourcesIn(place, name, supply, patience)
    const fitting = sources.filter(({ version }) => version.startsWith(`${which}.`))
    if (!fitting.length)
      throw notReady(`${place.suites[0]} has ${upstream(sources[0]!.version)} now, no longer ${which}`)
    const { source, dir } = await buildNewest(fitting, (version) => recipeFor(proxy, version, tls), supply)
    return { path: join(dir, name), version: upstream(source.version), debian: source.version }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    // The live mirror keeps the sources of stable releases; those of other suites may be gone before their index says so.
    const instead = `--proxy ${name}:${proxy.defaultSeries} (the default), or the path of a static program: --proxy ${name}:./${name}`
    const message = `${title} ${which}: ${error.message}`
    throw error instanceof Distrusted ? new Distrusted(message, error.hint) : notReady(message, error.hint ?? instead)
  }
}

/** Debian's version without what Debian adds: 2.6.12 of 2.6.12-1+deb12u3. */
const upstream = (version: string) => version.replace(/-[^-]*$/, '')

/** What cannot be built with TLS is built without it: the cases that need TLS say so. */
const recipeFor = ({ recipes, tls: withTls }: ProxyKind, version: string, tls: boolean) =>
  [...(tls && withTls ? [withTls] : []), ...recipes].find(({ versions }) => inRange(upstream(version), versions))!

async function ownProxy(proxy: ProxyKind, which: string, supply: Supply) {
  const { name, title, recipes, defaultSeries, buildHint, versionFlag, versionIn } = proxy
  const path = resolve(which)
  const wrong = (what: string, hint = `--proxy ${name}:${defaultSeries}, which the lab builds`) =>
    usage(`--proxy ${name}:${which}: ${what}; expected a static executable of ${title} for x86-64`, hint)
  const found = await stat(path).catch(() => null)
  if (!found) throw wrong('no such file')
  const built = recipes.flatMap(({ keep }) => Object.keys(keep))
  const inside = [name, ...built].map((path) => join(which, path)).find(existsSync)
  if (found.isDirectory()) throw wrong('is a directory', inside && `--proxy ${name}:${quote(inside)}`)
  if (!found.isFile()) throw wrong('is neither a file nor a directory')
  const file = await readFile(path).catch(() => null)
  if (!file) throw wrong('may not be read by this user', `chmod a+rx ${quote(which)}`)
  const program = describeElf(file)
  if (!program) throw wrong(describe(file))
  if (program.dynamic)
    throw wrong(
      'is linked dynamically, and a guest has no libraries',
      `${buildHint}: against musl as images/proxies/${name}.ts does, or against glibc for Linux 3.2 and newer`,
    )
  const mayRun = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
  if (!mayRun) throw wrong('cannot be executed', `chmod a+rx ${quote(which)}`)
  const asked = await askProgram(path, versionFlag, supply)
  const version = versionIn(asked.stdout) ?? versionIn(asked.stderr)
  if (!version) throw wrong(`does not say the version of ${title} when it is run with ${versionFlag}`)
  return { path, version, debian: null }
}
