import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { $, quote } from 'zx/core'
import { Fault, notReady, usage } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { buildSource, newestSource } from '../debian/build.ts'
import { describe } from '../kernels/bzimage.ts'
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
 * @throws a Fault: exit 2 for an unknown series or a program that cannot run in a guest, exit 3 when the source is
 *   unavailable
 */
export async function obtainProxy({ proxy, which }: ProxySpec, supply: Supply): Promise<ObtainedProxy> {
  if (which.includes('/')) return ownProxy(proxy, which)
  const { name, title } = proxy
  const suite = proxy.series[which]
  const choices = Object.keys(proxy.series).join(', ')
  if (!suite) throw usage(`no ${title} ${which}: choose ${choices} or the path of a static program`)
  // The live mirror keeps the sources of stable releases; those of other suites may be gone before their index says so.
  const others = `another series, such as ${proxy.defaultSeries} (the default), or the path of a static program`
  const source = await newestSource(name, [suite], supply)
  const version = source.version.replace(/-[^-]*$/, '')
  if (!version.startsWith(`${which}.`))
    throw notReady(`${suite} has ${title} ${version} now, no longer ${which}`, others)
  const dir = await buildSource(source, proxy.recipe, supply).catch((error) => {
    throw error instanceof Fault ? new Fault(error.message, error.exit, error.hint ?? others) : error
  })
  return { path: join(dir, name), version, debian: source.version }
}

/** Another program may do anything when it is asked for its version. */
const PATIENCE = '10s'

async function ownProxy(proxy: ProxyKind, which: string) {
  const { name, title, recipe, defaultSeries, buildHint, versionFlag, versionIn } = proxy
  const path = resolve(which)
  const wrong = (what: string, hint = `--proxy ${name}:${defaultSeries}, which the lab builds`) =>
    usage(`--proxy ${name}:${which}: ${what}; expected a static executable of ${title} for x86-64`, hint)
  const found = await stat(path).catch(() => null)
  if (!found) throw wrong('no such file')
  const inside = [name, ...Object.keys(recipe.keep)].map((built) => join(which, built)).find(existsSync)
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
  const asked = await $({
    quiet: true,
    nothrow: true,
    timeout: PATIENCE,
    timeoutSignal: 'SIGKILL',
  })`${path} ${versionFlag} < /dev/null`
  if (asked.exitCode === 126) throw wrong('cannot be executed', `chmod a+rx ${quote(which)}`)
  const version = versionIn(asked.stdout) ?? versionIn(asked.stderr)
  if (!version) throw wrong(`does not say the version of ${title} when it is run with ${versionFlag}`)
  return { path, version, debian: null }
}
