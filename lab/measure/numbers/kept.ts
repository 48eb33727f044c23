import type { EventOf } from '../../model/events.ts'
import type { Measured } from '../../model/result/measured.ts'
import type { BootEvents } from './boot-events.ts'
import { attribute } from './reloads/by-reload.ts'
import type { LostRows } from './slots.ts'

type Kept = NonNullable<Measured['kept']>

/** What the generator told of a kept connection that was lost. */
interface KeptRow {
  how: LostRows[number][0]
  begun: number
  /** The answers that it had had. With one or more it is a *reused* connection. */
  answers: number
  method: 'G' | 'P' | '-'
  /** When the request under way was due, microseconds; 0: it paused. */
  asked: number
}

/** The kept connection of a row; null where connections carry one exchange. */
export function keptRow(row: LostRows[number]): KeptRow | null {
  if (row.length === 4) return null
  const [how, , begun, , answers, method, asked] = row
  return { how, begun, answers, method, asked }
}

/** When the client of a row began to wait for what it did not get, microseconds. */
export const waitedFrom = (row: LostRows[number]): number => keptRow(row)?.asked || row[2]

/** Whether a connection of a row had had an answer before it was lost. */
export const isReused = (row: LostRows[number]): boolean => (keptRow(row)?.answers ?? 0) > 0

const isReset = ({ how }: KeptRow) => how === 'A' || how === 'B'

/**
 * Counts what became of kept connections; null where each carried one exchange.
 *
 * @param times of the resets of reused connections, microseconds
 * @param starts of the reloads
 */
export function keptOf({ all }: BootEvents, lost: LostRows, times: number[], starts: number[]): Kept | null {
  const [told] = all('kept')
  if (!told) return null
  const { requests, posts, answers, resets, resetPosts, shorts } = told
  const idle = lost.filter((row) => isReused(row) && keptRow(row)!.method === '-' && isReset(keptRow(row)!))
  return {
    requests,
    posts,
    answers,
    resets,
    resetPosts,
    resetIdle: idle.length,
    shorts,
    resetsByReload: attribute(times, starts).byReload,
  }
}

/**
 * The first thing in the account of kept connections that cannot be, in words; null where there is none.
 *
 * Which request is a POST is no matter of chance: that with the number `answers`, counted from 0, is one where
 * begun + answers is odd (images/guest/load/load.c). And no connection is used again before its pause is over.
 */
export function keptMistake({ all, one }: BootEvents, lost: LostRows): string | null {
  const [told] = all('kept')
  const { keepAlive } = one('load-start')
  const rows = lost.flatMap((row) => keptRow(row) ?? [])
  if (!keepAlive && !told && !rows.length) return null
  if (!keepAlive || !told || rows.length < lost.length)
    return 'requests are counted, and connections are not kept, or the other way round'
  return totalsMistake(told, rows, one('load').begun) ?? rowMistake(rows, keepAlive.pauseMs)
}

function totalsMistake(told: EventOf<'kept'>, rows: KeptRow[], begun: number): string | null {
  const { requests, answers, posts } = told
  const count = (fits: (row: KeptRow) => boolean) => rows.filter(fits).length
  const unanswered = count(({ how }) => how === 'A' || how === 'S')
  const most = unanswered + count(({ how }) => how === 'T' || how === 'O')
  const reused = rows.filter((row) => row.answers > 0)
  const counts = {
    resets: reused.filter(isReset).length,
    resetPosts: reused.filter((row) => isReset(row) && row.method === 'P').length,
    shorts: reused.filter(({ how }) => how === 'S').length,
  }
  const wrong = (Object.keys(counts) as (keyof typeof counts)[]).find((name) => counts[name] !== told[name])
  if (wrong) return `${counts[wrong]} rows of reused connections for ${told[wrong]} ${wrong}`
  const left = requests - answers
  if (left < unanswered || left > most)
    return `${requests} requests and ${answers} answers, but ${unanswered} to ${most} requests were lost`
  // Each connection sends them in turn, so that it has at most one more of a kind.
  if (Math.abs(2 * posts - requests) > begun) return `${posts} of ${requests} requests were POSTs, not half of them`
  return null
}

function rowMistake(rows: KeptRow[], pauseMs: number): string | null {
  for (const { how, begun, answers, method, asked } of rows) {
    const whose = `a connection begun at ${begun} µs and lost after ${answers} answers`
    if (method === '-') {
      if (!answers || asked || (how !== 'B' && how !== 'O')) return `${whose} had no request under way`
      continue
    }
    if (method !== ((begun + answers) % 2 ? 'P' : 'G')) return `${whose} cannot have had a request of kind ${method}`
    if (answers ? asked - begun < (answers * pauseMs * 1000) / 2 : asked !== begun)
      return `${whose} cannot have asked again at ${asked} µs`
  }
  return null
}
