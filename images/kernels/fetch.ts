import { EXIT, Fault, usage } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { cached, scratch } from '../cache/cache.ts'
import { liveStore } from '../debian/apt.ts'
import { archiveStore } from '../debian/archive.ts'
import { NotFound, type Patience } from '../debian/http.ts'
import { supplyKey } from '../debian/mirrors.ts'
import { Distrusted } from '../debian/signature.ts'
import { snapshotStore } from '../debian/snapshot.ts'
import type { BinaryPackage, Store } from '../debian/stanzas.ts'
import { compareVersions } from '../debian/version.ts'
import { candidateSeries, findSeries, type KernelSeries, kernelChoices, LIVE, type Place } from './catalogue.ts'
import { imageFacts, type LocalKernel } from './kernel.ts'
import { checkLock, checkNewest, recordLock, recordNewest } from './lock.ts'
import { partsOf, unpackKernel } from './unpack.ts'

/**
 * Fetches a kernel from Debian: the newest of a series, or an exact version.
 *
 * @param patience with archives and snapshot; each has a default of its own
 * @throws a Fault: exit 2 when Debian never had it, as far as one can tell; exit 3 when it cannot be fetched
 */
export async function fetchKernel(spec: string, supply: Supply, patience?: Patience): Promise<LocalKernel> {
  const faults: Fault[] = []
  for (const place of candidateSeries(spec).flatMap(({ places }) => places)) {
    const [last] = faults.slice(-1)
    if (last) supply.note(`kernel ${spec}: ${last.message}; looking elsewhere`)
    try {
      const store = storeAt(place, supply, patience)
      const found = await fetchFrom(place, store, spec, supply)
      if (found) return found
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      if (error instanceof Distrusted) throw new Distrusted(`kernel ${spec}: ${error.message}`, error.hint)
      faults.push(error)
    }
  }
  throw failure(spec, faults)
}

/** Only a plain number is called a mistake: Debian may have had any other version once. */
function failure(spec: string, faults: Fault[]): Fault {
  if (!faults.length && /^[\d.]+$/.test(spec)) return usage(`--kernel ${spec}: no such kernel; ${kernelChoices()}`)
  const reasons = [...new Set(faults.map(({ message }) => message))].join('; ') || 'Debian no longer has it'
  const instead = `--kernel with one of ${LIVE.map(({ series }) => series).join(', ')}, host, or a path`
  return new Fault(`kernel ${spec}: ${reasons}`, EXIT.notReady, faults.find(({ hint }) => hint)?.hint ?? instead)
}

const storeAt = (place: Place, supply: Supply, patience?: Patience): Store => {
  if (place.at === 'live') return liveStore(place.suites, supply)
  if (place.at === 'archive') return archiveStore(place.suites, supply, patience)
  return snapshotStore(place, supply, patience)
}

/** Fetches the newest kernel of a place that matches; null when none does. */
async function fetchFrom(place: Place, store: Store, spec: string, supply: Supply): Promise<LocalKernel | null> {
  const series = findSeries(spec)
  const images = await store.images(series ? belongsTo(series) : isVersion(spec))
  let gone: NotFound | null = null
  // The newest of each suite: a suite's index may list an image that is gone from its pool.
  const tried = new Set<string>()
  for (const image of images.filter(isImage).sort(newestFirst)) {
    if (tried.has(image.suite)) continue
    try {
      const packages = await packagesOf(image, store)
      tried.add(image.suite)
      const found = await fetchImage(image, packages, place, series, store, supply)
      if (gone) supply.note(`${gone.message}; taking Linux ${found.name}`)
      return found
    } catch (error) {
      // An older kernel may replace one that is missing, never one that is wrong.
      if (!(error instanceof NotFound)) throw error
      gone ??= error
    }
  }
  if (gone) throw gone
  return null
}

const releaseOf = (image: { package: string }) => image.package.replace('linux-image-', '')

/** The names of Debian's plain kernels, not those for real time, Xen or containers. */
const PLAIN = /^\d+\.\d+[\d.]*(-\d[\w.]*|(-rc\d+)?\+deb\d+)?-(cloud-)?amd64$/

const belongsTo =
  ({ prefix }: KernelSeries) =>
  (image: { package: string }) =>
    releaseOf(image).startsWith(prefix) && PLAIN.test(releaseOf(image))

/** Matches a release and its short forms: 6.1.0-56-cloud-amd64, 6.1.0-56, 6.1.192-2 (Debian's version), 6.1.192. */
const isVersion = (version: string) => (image: { package: string; version: string }) => {
  const release = releaseOf(image)
  const flavours = ['', '-cloud-amd64', '-amd64'].map((flavour) => version + flavour)
  const versions = new RegExp(`^${version.replace(/[.+]/g, '\\$&')}([.-]|$)`)
  return flavours.includes(release) || (PLAIN.test(release) && versions.test(image.version))
}

/** A metapackage, such as that of 6.12-amd64, depends on the image that it stands for. */
const isImage = ({ depends }: BinaryPackage) => !/(^|, )linux-image-\d/.test(depends)

/** The flavour for clouds is a quarter of the size, and has all that a guest with a serial port needs. */
const newestFirst = (a: BinaryPackage, b: BinaryPackage) =>
  compareVersions(b.version, a.version) || Number(isCloud(b)) - Number(isCloud(a))
const isCloud = (image: BinaryPackage) => releaseOf(image).endsWith('-cloud-amd64')

/** The packages that hold a kernel: that of the image, or from 6.19 on those into which it is split. */
async function packagesOf(image: BinaryPackage, store: Store): Promise<BinaryPackage[]> {
  const names = ['binary', 'modules', 'base'].map((part) => `linux-${part}-${releaseOf(image)}`)
  const split = names.filter((name) => image.depends.includes(`${name} (=`))
  const packages = await Promise.all(split.map((name) => store.sibling(name, image)))
  const missing = split.filter((_, i) => !packages[i])
  if (missing.length)
    throw new NotFound(
      `${image.suite} lists ${image.package} ${image.version}, but not ${missing.join(' and ')}, which it needs`,
      EXIT.notReady,
    )
  return split.length ? packages.filter((part) => part !== null) : [image]
}

/** Downloads the packages of a kernel where the cache lacks them, and keeps what a guest needs. */
async function fetchImage(
  image: BinaryPackage,
  packages: BinaryPackage[],
  { at }: Place,
  series: KernelSeries | undefined,
  store: Store,
  supply: Supply,
): Promise<LocalKernel> {
  const name = releaseOf(image)
  const key = series && at !== 'live' ? series.series : name
  const entry = {
    version: image.version,
    packages: Object.fromEntries(packages.map((part) => [part.package, part.sha256])),
  }
  const movesOn = at === 'live'
  const place = series && movesOn ? `${series.series}${supplyKey(supply)}` : null
  await checkLock(key, entry, movesOn)
  if (place !== null) checkNewest(place, entry)
  const hashes = packages.map((part) => part.sha256)
  const dir = await cached('kernels', name, hashes, async (dir) => {
    supply.note(`fetching Linux ${name} (${image.version}, ${image.suite})`)
    await scratch('kernels', async (downloads) => {
      const debs: string[] = []
      for (const part of packages) debs.push(await store.fetch(part, downloads))
      await unpackKernel(debs, dir, name, supply.signal)
    })
  })
  await recordLock(key, entry, movesOn)
  if (place !== null) await recordNewest(place, entry)
  const parts = partsOf(dir, name)
  return { ...(await imageFacts(parts.image)), ...parts, origin: at, version: image.version, debSha256: hashes[0]! }
}
