import type { Range } from '../case/case.ts'

const parts = (version: string) =>
  version
    .split(/[^\d]+/)
    .filter(Boolean)
    .map(Number)

/** Whether version a is older than b, compared number by number; '4.6' is not older than '4.6'. */
export function older(a: string, b: string): boolean {
  const [left, right] = [parts(a), parts(b)]
  const differs = right.findIndex((part, i) => part !== (left[i] ?? 0))
  return differs >= 0 && (left[differs] ?? 0) < right[differs]!
}

/** Whether a version lies in a range; a missing range holds every version. */
export const inRange = (version: string, { from, below }: Range = {}): boolean =>
  !(from && older(version, from)) && !(below && !older(version, below))

/** A range in words: "Linux 4.6 or later". */
export const rangeText = (what: string, { from, below }: Range): string =>
  [what, from && `${from} or later`, below && `before ${below}`].filter(Boolean).join(' ')
