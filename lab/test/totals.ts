/** How the tests of a file ended. */
export interface Totals {
  passed: number
  failed: number
  skipped: number
}

/**
 * The totals that uvu prints behind the tests of a file. A file that ends badly, or without totals, has failed at least
 * once: it broke outside of its tests.
 */
export function totalsOf(output: string, endedWell: boolean): Totals {
  const count = (what: string) => Number(new RegExp(`^\\s*${what}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0)
  const failed = count('Total') - count('Passed')
  const broken = endedWell && count('Total') > 0 ? 0 : 1
  return { passed: count('Passed'), failed: failed || broken, skipped: count('Skipped') }
}

export const sum = (all: Totals[]): Totals => ({
  passed: all.reduce((total, { passed }) => total + passed, 0),
  failed: all.reduce((total, { failed }) => total + failed, 0),
  skipped: all.reduce((total, { skipped }) => total + skipped, 0),
})

export const totalsLine = ({ passed, failed, skipped }: Totals) =>
  `\n${passed} passed, ${failed} failed, ${skipped} skipped\n`
