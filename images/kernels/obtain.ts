import { existsSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { Fault, notReady, usage } from '../../lab/model/fault.ts'
import type { Note } from '../../lab/model/note.ts'
import { cached, cacheRoot, isWhole, saveWhole } from '../cache/cache.ts'
import { Damaged } from '../cache/decompress.ts'
import { mirrors, mirrorsKey } from '../debian/mirrors.ts'
import { Distrusted } from '../debian/signature.ts'
import { compareVersions } from '../debian/version.ts'
import { extractVmlinux, hasPvhEntry } from './bzimage.ts'
import { isPath, originOf } from './catalogue.ts'
import { fetchKernel, type Means, soughtFor } from './fetch.ts'
import { kernelGiven } from './own/own.ts'
import { type Kernel, Resolved } from './resolved.ts'

const DAY = 24 * 3600 * 1000

/**
 * Obtains a kernel: of a series, the newest that Debian has (looked up at most once a day where it changes at all); of
 * an exact version, that one; or the one at a path.
 *
 * @param spec one of what {@link matchKernels} returns, without `host`
 * @throws a Fault: exit 2 when there is no such kernel, or a damaged one, exit 3 when it cannot be fetched
 */
export async function obtainKernel(spec: string, means: Means): Promise<Kernel> {
  try {
    const resolved = await (isPath(spec) ? kernelGiven(spec, means.note) : newestKernel(spec, means))
    return { ...resolved, vmlinux: await directEntry(resolved, means.note) }
  } catch (error) {
    // The guest could not unpack it either.
    if (error instanceof Damaged) throw damaged(spec, error)
    throw error
  }
}

function damaged(spec: string, { message }: Damaged): Fault {
  const what = `--kernel ${spec}: the kernel inside is damaged: ${message}`
  return isPath(spec) ? usage(what, 'build it or copy it again') : notReady(what, `rm -r ${cacheRoot()}/kernels`)
}

/** What a record of the cache says, when it can be no older than today; else what Debian has; else the record after all. */
async function newestKernel(spec: string, means: Means): Promise<Resolved> {
  const record = await cachedKernel(spec)
  if (record && (record.settled || record.age < DAY || mirrors().offline)) return record.kernel
  try {
    const kernel = await fetchKernel(spec, means)
    const before = record?.kernel.version
    if (before && kernel.version && compareVersions(kernel.version, before) < 0)
      means.note(`kernel ${spec}: ${kernel.version} is older than ${before}, which was fetched before`)
    await saveWhole(recordPath(spec), `${JSON.stringify(kernel, null, 2)}\n`)
    return kernel
  } catch (error) {
    if (!record || !(error instanceof Fault) || error instanceof Distrusted) throw error
    means.note(`${error.message}; using ${record.kernel.name}, fetched before`)
    return record.kernel
  }
}

const recordPath = (spec: string) => join(cacheRoot(), 'kernels', `${spec}${mirrorsKey()}.json`)

/**
 * What the cache has for a series or an exact version, or null.
 *
 * @returns `age` in milliseconds; `settled` when nothing newer can come, since it is from an archive
 */
export async function cachedKernel(spec: string): Promise<{ kernel: Resolved; age: number; settled: boolean } | null> {
  const path = recordPath(spec)
  if (!existsSync(path)) return null
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Resolved), await readFile(path, 'utf8'))
  if (!read.success || !(await isWhole(dirname(read.output.image)))) return null
  const age = Date.now() - (await stat(path)).mtimeMs
  return { kernel: read.output, age, settled: soughtFor(spec).every((series) => originOf(series) !== 'live') }
}

/** The uncompressed kernel, where QEMU can enter it directly: that saves each guest the unpacking. */
async function directEntry({ name, sha256, image }: Resolved, note: Note): Promise<string | null> {
  try {
    const dir = await cached('vmlinux', name, [sha256], async (dir) => {
      const vmlinux = await extractVmlinux(await readFile(image))
      if (hasPvhEntry(vmlinux)) await writeFile(join(dir, 'vmlinux'), vmlinux)
    })
    const path = join(dir, 'vmlinux')
    return existsSync(path) ? path : null
  } catch (error) {
    if (error instanceof Damaged) throw error
    // Whatever other reason, the guest can still unpack the image by itself.
    const { message, hint } = error as Partial<Fault>
    note(`${name} will boot more slowly: ${message}${hint ? ` (${hint})` : ''}`)
    return null
  }
}
