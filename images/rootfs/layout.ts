import { cp, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RootParts } from '../../lab/model/cell.ts'
import { fileSha256 } from '../cache/cache.ts'
import { archive, characterDevice, directory, file, symlink as link, tree } from './cpio.ts'

/** The scripts of a guest: where they lie in it, and where they come from. */
const SCRIPTS = Object.entries({
  'run.sh': 'run.sh',
  'measure.sh': 'measure.sh',
  'shell.sh': 'shell/shell.sh',
  'shell/open': 'shell/open.sh',
  'shell/load': 'shell/load.sh',
  'shell/reload': 'shell/reload.sh',
}).map(([path, source]) => ({ path, source: fileURLToPath(new URL(`../guest/${source}`, import.meta.url)) }))
/** The script that opens a shell in a root that lies on a machine. */
export const ENTER = fileURLToPath(new URL('../guest/shell/enter.sh', import.meta.url))
const MOUNT_POINTS = ['cell', 'dev', 'proc', 'run', 'sys', 'tmp']
/** Root is the only user. */
const USERS = { passwd: 'root:x:0:0:root:/:/bin/sh\n', group: 'root:x:0:\n' }

/** The cached initramfs archive that all kernels and cells share. */
export async function baseArchive({ userland, programs, ab }: RootParts): Promise<string> {
  const scripts = await Promise.all(SCRIPTS.map(async ({ path, source }) => [path, await fileSha256(source)]))
  return archive('base', [userland, programs, ab ?? '', JSON.stringify([scripts, USERS])], async () => [
    ...MOUNT_POINTS.map(directory),
    ...(await tree(userland)),
    ...(await tree(programs, 'sbin')),
    ...(ab === undefined ? [] : await tree(ab)),
    link('init', 'sbin/init'),
    directory('etc'),
    ...Object.entries(USERS).map(([name, text]) => file(`etc/${name}`, text)),
    ...(await Promise.all(SCRIPTS.map(async ({ path, source }) => file(path, await readFile(source), 0o755)))),
    characterDevice('dev/console', 5, 1),
    characterDevice('dev/null', 1, 3),
  ])
}

/** A proxy's program. */
export interface ProxyProgram {
  name: string
  /** A static program; or a folder with one and all that it needs, as they lie below the root. An initramfs takes the former only. */
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
  if (proxy !== null) {
    const whole = (await stat(proxy.path)).isDirectory()
    await cp(proxy.path, whole ? root : join(root, 'sbin', proxy.name), { recursive: true })
  }
  await mkdir(join(root, 'shell'))
  for (const { path, source } of SCRIPTS) await writeFile(join(root, path), await readFile(source), { mode: 0o755 })
  await symlink('sbin/init', join(root, 'init'))
  await mkdir(join(root, 'etc'), { recursive: true })
  for (const [name, text] of Object.entries(USERS)) await writeFile(join(root, 'etc', name), text)
  for (const dir of MOUNT_POINTS) await mkdir(join(root, dir), { recursive: true })
}
