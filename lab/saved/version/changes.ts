import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decidesRun, LAB_PLACES, labFiles } from '../../../images/lab-files.ts'
import type { Result } from '../../model/result.ts'
import { THEN } from '../../render/facts/machines/hosts.ts'

/** Hexadecimal digits of a hash that tell the changes of a few people apart. */
const DIGITS = 12

/** Runs git in the lab's own directory. @returns what it printed; null where it failed */
type Git = (...args: string[]) => Promise<string | null>

/**
 * What tells a version of the lab: its commit and what was changed since, or, where git does not know it, its files.
 *
 * @param folder the lab's own, in which `git` runs
 */
export async function labIn(folder: string, git: Git): Promise<Result['lab']> {
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string }
  // A lab that was unpacked into somebody else's repository has nothing to do with the commit that git tells there.
  const [tracked, commit, changes] = await Promise.all([
    git('ls-files', '--error-unmatch', 'package.json'),
    git('describe', '--always', '--dirty'),
    changesIn(folder, git),
  ])
  if (tracked === null || commit === null)
    return { version, commit: null, files: await hashOf(folder, labFiles(folder)) }
  return { version, commit, ...(changes && { changes }) }
}

/**
 * A hash of the files that decide a run and are not as in their commit, by name and content: those that were changed or
 * removed, and new ones that git does not ignore. `git describe` says no more than that there are some.
 *
 * @param folder the lab's own, in which `git` runs
 * @returns undefined where there are none, or git does not tell
 */
export async function changesIn(folder: string, git: Git): Promise<string | undefined> {
  const [changed, others] = await Promise.all([
    git('diff', 'HEAD', '--name-only', '-z', '--relative', '--', ...LAB_PLACES),
    git('ls-files', '--others', '--exclude-standard', '-z', '--', ...LAB_PLACES),
  ])
  const files = [changed, others].flatMap((names) => names?.split('\0').filter(Boolean) ?? []).filter(decidesRun)
  return files.length ? hashOf(folder, files.sort()) : undefined
}

/** A hash of files by name and content; one that was removed has none. */
async function hashOf(folder: string, files: string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) {
    const content = await readFile(join(folder, file)).catch(() => null)
    // Each with its length, so that no content can pass for the name of the next.
    hash.update(JSON.stringify([file, content?.length ?? null]))
    if (content) hash.update(content)
  }
  return hash.digest('hex').slice(0, DIGITS)
}

/** What stands for the files of a lab that tells neither them nor a commit, where a run went on with another. */
export const UNKNOWN = 'unknown'

/** Whether a version of the lab can be told from others: by its commit or by its files, throughout a run that was resumed. */
export function isIdentified({ commit, files }: Result['lab']): boolean {
  if (!`${commit}`.split(THEN).includes('null')) return true
  return files !== undefined && !files.split(THEN).includes(UNKNOWN)
}

/** Whether two versions of the lab are the same in all that decides a run, as far as they can tell. */
export function isSameLab(one: Result['lab'], other: Result['lab']): boolean {
  if (one.commit !== other.commit || one.changes !== other.changes || one.files !== other.files) return false
  return isIdentified(one) && (one.changes !== undefined || !one.commit?.endsWith('-dirty'))
}
