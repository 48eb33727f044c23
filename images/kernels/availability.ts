import { Fault } from '../../lab/model/fault.ts'
import { mirror } from '../debian/apt.ts'
import { reachable } from '../debian/http.ts'
import { mirrors } from '../debian/mirrors.ts'
import { type KernelSeries, originOf, type Place } from './catalogue.ts'
import { lockedVersion } from './lock.ts'
import { cachedKernel } from './obtain.ts'

/** A series, and what there is of it at this moment. */
export interface Stock {
  series: string
  aliases: string[]
  origin: Place['at']
  /** The package's name; a pattern while none was fetched. */
  package: string
  /** What is in the cache: `uname -r`, Debian's version, the SHA-256 of the image. */
  cached: { name: string; version: string | null; sha256: string } | null
  /** The version that the lock file has, of a series that does not move on. */
  locked: string | null
  /** Whether one of its places answers; null when that may not be asked. */
  reachable: boolean | null
  changed: string
}

/** What there is of each series. Places are asked side by side, for three seconds at most; offline, none is. */
export const stockOf = (all: KernelSeries[]): Promise<Stock[]> => Promise.all(all.map(stock))

async function stock(of: KernelSeries): Promise<Stock> {
  const { series, aliases, places, prefix, changed } = of
  const kernel = (await cachedKernel(series))?.kernel
  const [place] = places
  const pattern = place.at === 'snapshot' ? place.package : `linux-image-${prefix}*amd64`
  return {
    series,
    aliases,
    origin: originOf(of),
    package: kernel ? `linux-image-${kernel.name}` : pattern,
    cached: kernel ? { name: kernel.name, version: kernel.version, sha256: kernel.sha256 } : null,
    locked: await lockedVersion(series),
    reachable: mirrors().offline ? null : (await Promise.all(places.map(answers))).includes(true),
    changed,
  }
}

async function answers(place: Place): Promise<boolean> {
  try {
    return await reachable(await doorOf(place))
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}

/** What to ask for to see whether a place is there. */
async function doorOf(place: Place): Promise<string> {
  if (place.at === 'snapshot') return `${mirrors().snapshot}/mr/binary/${place.package}/`
  const suite = place.suites.at(-1)!
  return place.at === 'archive'
    ? `${mirrors().archive}/${suite}/Release`
    : `${await mirror(suite)}/dists/${suite}/Release`
}
