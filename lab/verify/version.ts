import type { Result } from '../model/result.ts'
import { counted } from '../model/text/amounts.ts'
import { commitText } from '../model/text/lab.ts'
import { said } from '../saved/version/provenance.ts'
import { about, type Finding } from './finding.ts'

const DIRTY = '-dirty'

/** What decides what guests run, and how. Numbers and verdicts are made anew, whatever has changed. */
const DECIDING = ['images', 'cases', 'lab/guest', 'lab/engine', ':(exclude)*.test.ts', ':(exclude)*.md']

/** Whether the versions of the lab that made a run are known here, and what has changed since. */
export async function checkVersion({ lab }: Pick<Result, 'lab'>): Promise<Finding[]> {
  if (lab.commit === null)
    return [about('version').unchecked(lab.version, 'the run has no commit: it was made outside of a git repository')]
  // Where git had not heard of a file, the commit alone does not tell.
  if (lab.changes && !lab.commit.includes(DIRTY))
    return [about('version').unchecked(commitText(lab), 'the lab had files that were not committed')]
  // A run that was resumed says "a, then b".
  return (await Promise.all(lab.commit.split(', then ').map(checkCommit))).flat()
}

async function checkCommit(commit: string): Promise<Finding[]> {
  const { ok, unchecked } = about('version')
  if (commit.endsWith(DIRTY)) return [unchecked(commit, 'files of the lab had been changed and were not committed')]
  const known = await said('git', 'rev-parse', '--verify', '--quiet', `${commit}^{commit}`)
  if (known === null) return [unchecked(commit, 'this repository does not have it (git fetch --unshallow)')]
  const found = ok(commit, `commit ${known} of this repository`)
  const changed =
    (await said('git', 'diff', '--name-only', known, '--', ...DECIDING))?.split('\n').filter(Boolean) ?? []
  const since = about('changes since')
  if (!changed.length) return [found, since.ok(commit, `none in what guests run`)]
  const some = changed.slice(0, 2).join(', ') + (changed.length > 2 ? ' …' : '')
  const what = `${counted(changed.length, 'file')} that decide what guests run (${some}): a run of now may find something else`
  return [found, since.unchecked(commit, what)]
}
