import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RootParts } from '../../lab/model/cell.ts'
import { fileSha256 } from '../cache/cache.ts'
import { archive, characterDevice, directory, file, symlink as link, tree } from './cpio.ts'

const RUN = fileURLToPath(new URL('../guest/run.sh', import.meta.url))
const MOUNT_POINTS = ['cell', 'dev', 'proc', 'run', 'sys', 'tmp']
/** Root is the only user. */
const USERS = { passwd: 'root:x:0:0:root:/:/bin/sh\n', group: 'root:x:0:\n' }

/** The cached initramfs archive that all kernels and cells share. */
export async function baseArchive({ userland, programs, ab }: RootParts): Promise<string> {
  return archive('base', [userland, programs, ab ?? '', await fileSha256(RUN), JSON.stringify(USERS)], async () => [
    ...MOUNT_POINTS.map(directory),
    ...(await tree(userland)),
    ...(await tree(programs, 'sbin')),
    ...(ab === undefined ? [] : await tree(ab)),
    link('init', 'sbin/init'),
    directory('etc'),
    ...Object.entries(USERS).map(([name, text]) => file(`etc/${name}`, text)),
    file('run.sh', await readFile(RUN), 0o755),
    characterDevice('dev/console', 5, 1),
    characterDevice('dev/null', 1, 3),
  ])
}

/** A proxy's program. */
export interface ProxyProgram {
  name: string
  path: string
}

/** The cached initramfs archive with a proxy. */
export const proxyArchive = async ({ name, path }: ProxyProgram) =>
  archive(name, [await fileSha256(path)], async () => [file(`sbin/${name}`, await readFile(path), 0o755)])

/** Lays the same root file system out in a directory, for a guest that has no initramfs. */
export async function layOutRoot(root: string, { userland, programs, ab }: RootParts, proxy: ProxyProgram | null) {
  await cp(userland, root, { recursive: true, verbatimSymlinks: true })
  await cp(programs, join(root, 'sbin'), { recursive: true })
  if (ab !== undefined) await cp(ab, root, { recursive: true })
  if (proxy !== null) await cp(proxy.path, join(root, 'sbin', proxy.name))
  await cp(RUN, join(root, 'run.sh'))
  await symlink('sbin/init', join(root, 'init'))
  await mkdir(join(root, 'etc'), { recursive: true })
  for (const [name, text] of Object.entries(USERS)) await writeFile(join(root, 'etc', name), text)
  for (const dir of MOUNT_POINTS) await mkdir(join(root, dir), { recursive: true })
}
