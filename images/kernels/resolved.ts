import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { usage } from '../../lab/model/fault.ts'
import { fileSha256 } from '../cache/cache.ts'
import { kernelVersion } from './bzimage.ts'
import { seriesOf } from './catalogue.ts'

/** The shape of a kernel that is there: fetched and unpacked, or a user's own. Paths are absolute. */
export const Resolved = v.object({
  /** As `uname -r` will say it: 6.1.0-56-cloud-amd64. */
  name: v.string(),
  /** 6.1 */
  series: v.string(),
  /** Where it came from: the live mirror, Debian's archive or snapshot, a path of the user's. */
  origin: v.picklist(['live', 'archive', 'snapshot', 'yours']),
  /** Debian's version of the package (6.1.192-2); null for a kernel that is not Debian's. */
  version: v.nullable(v.string()),
  /** SHA-256 of the bzImage. */
  sha256: v.string(),
  /** SHA-256 of the package that the bzImage came in; null for a kernel that came in none. */
  debSha256: v.nullable(v.string()),
  /** Path of the bzImage. */
  image: v.string(),
  /** …/lib/modules/NAME with its modules.dep, or null. */
  modules: v.nullable(v.string()),
  /** Path of the configuration that it was built with, or null. */
  config: v.nullable(v.string()),
})

export type Resolved = v.InferOutput<typeof Resolved>

/** A kernel that is there, ready to boot. */
export interface Kernel extends Resolved {
  /** Path of the uncompressed kernel (ELF) when QEMU can enter it directly, else null. */
  vmlinux: string | null
}

/** What `uname -r` may say: a version and what a builder appended. It becomes part of paths. */
const NAME = /^\d+\.\d[\w.+~-]{0,60}$/

/**
 * What a bzImage tells of itself.
 *
 * @param given what `--kernel` said, for the message
 * @throws a Fault (exit 2) when it calls itself something that no kernel can be called
 */
export async function examine(
  image: string,
  given = image,
): Promise<Pick<Resolved, 'name' | 'series' | 'version' | 'sha256'>> {
  const banner = kernelVersion(await readFile(image))
  const name = banner.split(' ')[0]!
  if (!NAME.test(name))
    throw usage(
      `--kernel ${given}: the kernel calls itself ${JSON.stringify(name.slice(0, 100))}; expected a version such as 6.1.0-56`,
    )
  return {
    name,
    series: seriesOf(name),
    version: /Debian (\S+)/.exec(banner)?.[1] ?? null,
    sha256: await fileSha256(image),
  }
}
