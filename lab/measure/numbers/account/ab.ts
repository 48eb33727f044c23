import { sum } from 'simple-statistics'
import type { EventOf } from '../../../model/events.ts'
import type { Measured } from '../../../model/result/measured.ts'

type Account = NonNullable<Measured['ab']>

/** What ab prints of one run. */
const PRINTED = ['complete', 'failed', 'connect', 'receive', 'length', 'exceptions'] as const

/** What ab printed, summed up over its runs; null where it did not make the load. */
export function abOf(runs: EventOf<'ab'>[]): Account | null {
  if (!runs.length) return null
  const printed = runs.flatMap((run) => run.printed ?? [])
  const sums = PRINTED.map((name) => [name, sum(printed.map((one) => one[name]))] as const)
  return {
    runs: runs.length,
    silent: runs.length - printed.length,
    ...(Object.fromEntries(sums) as Record<(typeof PRINTED)[number], number>),
  }
}

/** The first run whose numbers cannot be ab's, in words; null when there is none. */
export function abMistake(runs: EventOf<'ab'>[], asked: number | undefined): string | null {
  for (const [i, { run, printed }] of runs.entries()) {
    if (run !== i + 1) return `run ${i + 1} of ab is missing`
    if (!printed) continue
    const { complete, failed, connect, receive, length, exceptions } = printed
    if (complete !== asked) return `run ${run} of ab completed ${complete} requests instead of ${asked}`
    if (failed !== connect + receive + length + exceptions)
      return `run ${run} of ab has ${failed} failed requests, and its parts are ${connect}, ${receive}, ${length} and ${exceptions}`
  }
  return null
}
