import { existsSync, readdirSync } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { quote } from 'zx/core'
import { Fault, notReady, usage } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import type { Note } from '../../lab/model/text/note.ts'
import { cached, cacheRoot, fileSha256, isWhole, saveWhole } from '../cache/cache.ts'
import { Damaged } from '../cache/decompress.ts'
import { readJsonFile } from '../cache/json.ts'
import type { Patience } from '../debian/http.ts'
import { supplyKey } from '../debian/mirrors.ts'
import { Distrusted } from '../debian/signature.ts'
import { extractVmlinux, hasPvhEntry } from './bzimage.ts'
import { candidateSeries, isPath, originOf } from './catalogue.ts'
import { Changed, type Kernel, LocalKernel, readImage } from './kernel.ts'

// Loaded where they are needed: mostly the cache has what is asked for.
const ownKernel = async (path: string, supply: Supply) => (await import('./own/own.ts')).ownKernel(path, supply)
const fetchKernel = async (spec: string, supply: Supply, patience?: Patience) =>
  (await import('./fetch.ts')).fetchKernel(spec, supply, patience)

const DAY = 24 * 3600 * 1000

/**
 * Obtains a kernel: the newest that Debian has of a series (looked up at most once a day where it changes at all), an
 * exact version, or the one at a path.
 *
 * @param spec one of what {@link matchKernels} returns, without `host`
 * @param patience with archives and snapshot; each has a default of its own
 * @throws a Fault: exit 2 when there is no such kernel, or a damaged one, exit 3 when it cannot be fetched
 */
export async function obtainKernel(spec: string, supply: Supply, patience?: Patience): Promise<Kernel> {
  try {
    const local = await (isPath(spec) ? ownKernel(spec, supply) : newestKernel(spec, supply, patience))
    return { ...local, vmlinux: await directEntry(local, supply.note) }
  } catch (error) {
    // The guest could not unpack it either.
    if (error instanceof Damaged) throw damaged(spec, error)
    throw error
  }
}

function damaged(spec: string, { message }: Damaged): Fault {
  const what = `--kernel ${spec}: the kernel inside is damaged: ${message}`
  return isPath(spec)
    ? usage(what, 'build it or copy it again')
    : notReady(what, `rm -r ${quote(join(cacheRoot(), 'kernels'))}`)
}

/** The cached kernel where it is current, else what Debian has, else the cached one after all. */
async function newestKernel(spec: string, supply: Supply, patience?: Patience): Promise<LocalKernel> {
  const { note, offline } = supply
  const known = await cachedKernel(spec, supply)
  if (known && (known.settled || known.age < DAY || offline)) return known.kernel
  try {
    const kernel = await fetchKernel(spec, supply, patience)
    await saveWhole(recordPath(spec, supply), `${JSON.stringify(kernel, null, 2)}\n`)
    return kernel
  } catch (error) {
    if (!known || !(error instanceof Fault) || error instanceof Distrusted) throw error
    note(`${error.message}; using ${known.kernel.name}, fetched before`)
    return known.kernel
  }
}

const recordPath = (spec: string, supply: Supply) => join(cacheRoot(), 'kernels', `${spec}${supplyKey(supply)}.json`)

/** The paths at which the cache has, or had, a kernel image of this SHA-256. */
export function imagesKnown(sha256: string): string[] {
  const records = join(cacheRoot(), 'kernels')
  const names = existsSync(records) ? readdirSync(records).filter((name) => name.endsWith('.json')) : []
  const kernels = names.flatMap((name) => readJsonFile(join(records, name), LocalKernel) ?? [])
  return [...new Set(kernels.filter((kernel) => kernel.sha256 === sha256).map(({ image }) => image))]
}

/**
 * The kernel that the cache has for a series or an exact version, or null.
 *
 * @returns `age` in milliseconds; `settled` when nothing newer can come, since it is from an archive
 */
export async function cachedKernel(
  spec: string,
  supply: Supply,
): Promise<{ kernel: LocalKernel; age: number; settled: boolean } | null> {
  const path = recordPath(spec, supply)
  const kernel = readJsonFile(path, LocalKernel)
  if (!kernel || !isWhole(dirname(kernel.image))) return null
  // The report states this hash, so that it is taken anew of what is going to boot.
  if ((await fileSha256(kernel.image)) !== kernel.sha256) return null
  const age = Date.now() - (await stat(path)).mtimeMs
  return { kernel, age, settled: candidateSeries(spec).every((series) => originOf(series) !== 'live') }
}

/** The path of the uncompressed kernel, where QEMU can enter it directly: that saves each guest the unpacking. */
async function directEntry({ name, sha256, image }: LocalKernel, note: Note): Promise<string | null> {
  try {
    const dir = await cached('vmlinux', name, [sha256], async (dir) => {
      const vmlinux = await extractVmlinux(await readImage({ image, sha256 }))
      if (hasPvhEntry(vmlinux)) await writeFile(join(dir, 'vmlinux'), vmlinux)
    })
    const path = join(dir, 'vmlinux')
    return existsSync(path) ? path : null
  } catch (error) {
    if (error instanceof Damaged || error instanceof Changed) throw error
    // The guest can still unpack the image by itself.
    const { message, hint } = error as Partial<Fault>
    note(`${name} will boot more slowly: ${message}${hint ? ` (${hint})` : ''}`)
    return null
  }
}
