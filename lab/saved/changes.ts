import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Result } from '../model/result.ts'

/** What decides a run: what it executes, and the packages that it does so with. */
const DECIDING = [
  'lab',
  'images',
  'cases',
  'package.json',
  'package-lock.json',
  ':(exclude)*.test.ts',
  ':(exclude)*.md',
]

/** Hexadecimal digits of a hash that tell the changes of a few people apart. */
const DIGITS = 12

/** Runs git in the lab's own directory. @returns what it printed; null where it failed */
type Git = (...args: string[]) => Promise<string | null>

/**
 * A hash of the files that decide a run and are not as in their commit, by name and content: those that were changed or
 * removed, and new ones that git does not ignore. `git describe` says no more than that there are some.
 *
 * @param folder the lab's own, in which `git` runs
 * @returns undefined where there are none, or git does not tell
 */
export async function changesIn(folder: string, git: Git): Promise<string | undefined> {
  const [changed, others] = await Promise.all([
    git('diff', 'HEAD', '--name-only', '-z', '--relative', '--', ...DECIDING),
    git('ls-files', '--others', '--exclude-standard', '-z', '--', ...DECIDING),
  ])
  const files = [changed, others].flatMap((names) => names?.split('\0').filter(Boolean) ?? []).sort()
  if (!files.length) return undefined
  const hash = createHash('sha256')
  for (const file of files) {
    const content = await readFile(join(folder, file)).catch(() => null)
    // Each with its length, so that no content can pass for the name of the next.
    hash.update(JSON.stringify([file, content?.length ?? null]))
    if (content) hash.update(content)
  }
  return hash.digest('hex').slice(0, DIGITS)
}

/** Whether two versions of the lab are the same in all that decides a run, as far as they can tell. */
export function isSameLab(one: Result['lab'], other: Result['lab']): boolean {
  if (one.commit === null || one.commit !== other.commit || one.changes !== other.changes) return false
  return one.changes !== undefined || !one.commit.endsWith('-dirty')
}
