import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { EXIT, Fault, usage } from '../../lab/model/fault.ts'
import { contentSha256 } from '../cache/cache.ts'
import { kernelVersion } from './bzimage.ts'
import { seriesOf } from './catalogue.ts'
import { isDebianVersion, isKernelName } from './names.ts'

/** A kernel on this machine: fetched and unpacked, or a user's own. Paths are absolute. */
export const LocalKernel = v.object({
  /** What `uname -r` will print: 6.1.0-56-cloud-amd64. */
  name: v.string(),
  /** 6.1 */
  series: v.string(),
  /** Where it came from: the live mirror, Debian's archive or snapshot, a path of the user's. */
  origin: v.picklist(['live', 'archive', 'snapshot', 'yours']),
  /** Debian's version of the package (6.1.192-2); null for a kernel that is not Debian's. */
  version: v.nullable(v.string()),
  /** SHA-256 of the bzImage. */
  sha256: v.string(),
  /** SHA-256 of the package that held the bzImage; null where there was none. */
  debSha256: v.nullable(v.string()),
  /** Path of the bzImage. */
  image: v.string(),
  /** …/lib/modules/NAME with its modules.dep, or null. */
  modules: v.nullable(v.string()),
  /** Path of the kernel's configuration, or null. */
  config: v.nullable(v.string()),
})

export type LocalKernel = v.InferOutput<typeof LocalKernel>

/** A kernel that is ready to boot. */
export interface Kernel extends LocalKernel {
  /** Path of the uncompressed kernel (ELF) where QEMU can enter it directly, else null. */
  vmlinux: string | null
}

/** What a bzImage tells of itself. */
export type ImageFacts = Pick<LocalKernel, 'name' | 'series' | 'version' | 'sha256'>

/**
 * Reads what a bzImage tells of itself.
 *
 * @param spec the value of `--kernel`, for the message
 * @throws a Fault (exit 2) where the image's name cannot be a kernel's
 */
export async function imageFacts(image: string, spec = image): Promise<ImageFacts> {
  const content = await readFile(image)
  const banner = kernelVersion(content)
  const name = banner.split(' ')[0]!
  if (!isKernelName(name))
    throw usage(
      `--kernel ${spec}: the kernel calls itself ${JSON.stringify(name.slice(0, 100))}; expected a version such as 6.1.0-56`,
    )
  const version = /Debian (\S+)/.exec(banner)?.[1] ?? null
  return {
    name,
    series: seriesOf(name),
    version: version !== null && isDebianVersion(version) ? version : null,
    sha256: contentSha256(content),
  }
}

/** An image is no longer the one whose hash was taken. */
export class Changed extends Fault {
  override name = 'Changed'
}

/**
 * The content of an image, as it was when its hash was taken: somebody may have built it again meanwhile.
 *
 * @throws Changed where it is another one
 */
export async function readImage({ image, sha256 }: Pick<LocalKernel, 'image' | 'sha256'>): Promise<Buffer> {
  const content = await readFile(image)
  if (contentSha256(content) !== sha256)
    throw new Changed(`${image} was changed while the lab read it`, EXIT.notReady, 'the same again')
  return content
}
