import type { Result } from '../result.ts'

/** What a version of the lab is told by beside its number: its commit with a hash of what was changed since, or a hash of its files. */
export const commitText = ({ commit, changes, files }: Result['lab']): string =>
  [commit ?? 'no commit', ...(changes ? [`changes ${changes}`] : []), ...(files ? [`files ${files}`] : [])].join(', ')

/** A version of the lab in full: "0.1.0 (4c984e39-dirty, changes 1f2e3d4c5b6a)". */
export const labText = (lab: Result['lab']): string => `${lab.version} (${commitText(lab)})`
