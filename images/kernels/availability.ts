import { Fault } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { reachable } from '../debian/http.ts'
import { archiveUri, mirrorUri, snapshotUri } from '../debian/mirrors.ts'
import { type KernelSeries, originOf, type Place } from './catalogue.ts'
import { lockedVersion } from './lock.ts'
import { cachedKernel } from './obtain.ts'

/** What there is of a series at this moment, in the cache and elsewhere. */
export interface Availability {
  series: string
  aliases: string[]
  origin: Place['at']
  /** The package's name; a pattern while none was fetched. */
  package: string
  /** The kernel in the cache: `uname -r`, Debian's version, the SHA-256 of the image. */
  cached: { name: string; version: string | null; sha256: string } | null
  /** The version in the lock file, for a series that does not move on. */
  locked: string | null
  /** Whether one of its places answers; null offline. */
  reachable: boolean | null
  changed: string
}

/** Finds out what there is of each series. Places are asked side by side, for three seconds at most; offline, none is. */
export const availabilities = (all: KernelSeries[], supply: Supply): Promise<Availability[]> =>
  Promise.all(all.map((series) => availability(series, supply)))

async function availability(wanted: KernelSeries, supply: Supply): Promise<Availability> {
  const { series, aliases, places, prefix, changed } = wanted
  const kernel = (await cachedKernel(series, supply))?.kernel
  const [place] = places
  const pattern = place.at === 'snapshot' ? place.package : `linux-image-${prefix}*amd64`
  return {
    series,
    aliases,
    origin: originOf(wanted),
    package: kernel ? `linux-image-${kernel.name}` : pattern,
    cached: kernel ? { name: kernel.name, version: kernel.version, sha256: kernel.sha256 } : null,
    locked: await lockedVersion(series),
    reachable: supply.offline ? null : (await Promise.all(places.map((one) => answers(one, supply)))).includes(true),
    changed,
  }
}

async function answers(place: Place, supply: Supply): Promise<boolean> {
  try {
    return await reachable(await probedUri(place, supply), supply)
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}

/** A URI that tells whether a place is there. */
async function probedUri(place: Place, supply: Supply): Promise<string> {
  if (place.at === 'snapshot') return `${snapshotUri(supply)}/mr/binary/${place.package}/`
  const suite = place.suites.at(-1)!
  return place.at === 'archive'
    ? `${archiveUri(supply)}/${suite}/Release`
    : `${await mirrorUri(suite, supply)}/dists/${suite}/Release`
}
