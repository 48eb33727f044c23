import { chmod, chown, copyFile, lstat, mkdir, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { outside, scratch } from '../cache/cache.ts'
import { shell } from '../cache/shell.ts'

/** Whether apt has another user for what it fetches. */
const isRoot = () => process.getuid!() === 0

/**
 * Runs `use` with an empty folder into which apt can fetch as its own user, where the lab runs as root: apt says nothing
 * and goes on as root where that user cannot write. The cache is no such place, since it may be closed to others.
 *
 * @throws a Fault (exit 3) where that user cannot write into any folder for temporary files
 */
export async function transferFolder<T>(use: (folder: string) => Promise<T>, supply: Supply): Promise<T> {
  if (!isRoot()) return scratch('apt', use)
  return outside(async (folder) => {
    const { name, uid, gid } = await sandboxUser()
    // Only root and apt's user can look inside.
    await chown(folder, uid, gid)
    await chmod(dirname(folder), 0o711)
    const as = ['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups']
    const { exitCode } = await shell(supply.signal, { nothrow: true })`setpriv ${as} test -w ${folder}`
    if (exitCode !== 0) throw notReady(`${name}, as whom apt fetches, cannot write below ${tmpdir()}`, 'TMPDIR=/tmp')
    return use(folder)
  })
}

/** Copies the files of a folder that apt's user could write to: no links, of which that user chose the targets. */
export async function copyFiles(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const file of await readdir(from))
    if ((await lstat(join(from, file))).isFile()) await copyFile(join(from, file), join(to, file))
}

/** The user as whom apt fetches: apt's own, or nobody on distributions that do not make one. */
export async function sandboxUser(): Promise<{ name: string; uid: number; gid: number }> {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const [name, , uid, gid] = ['_apt', 'nobody'].flatMap((name) => users.filter(([found]) => found === name))[0] ?? []
  if (!name) throw notReady('apt has no user as whom to fetch: there is no _apt and no nobody in /etc/passwd')
  return { name, uid: Number(uid), gid: Number(gid) }
}
