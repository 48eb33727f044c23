import { max, min } from 'simple-statistics'
import { list } from '../../model/text/amounts.ts'
import { table } from '../record/text.ts'
import type { Fault } from './kinds.ts'

/** A fault that was done to a run, and what came of it. */
export interface Injected {
  fault: string
  kernel: string
  /** Seconds after the run's begin. */
  at: number
  /** Exit status of the run, and of the next command; null: a signal ended it. */
  status: number | null
  next: number | null
  /** What must never be: see judge.ts and leftovers.ts. */
  wrong: string[]
  rude: string[]
  left: string[]
  said: string
}

/** How runs ended: "0 (2 times), 4". */
function endsOf(statuses: (number | null)[]): string {
  const words = statuses.map((status) => (status === null ? 'killed' : String(status)))
  return list(
    [...new Set(words)].sort().map((word) => {
      const times = words.filter((other) => other === word).length
      return times > 1 ? `${word} (${times} times)` : word
    }),
  )
}

/** The faults in Markdown: a row each, and a line for all that is amiss. */
export function tableOf(done: Injected[], faults: Fault[], seed: number): string {
  const rows = faults.flatMap(({ name, what }) => {
    const all = done.filter(({ fault }) => fault === name)
    if (!all.length) return []
    const times = all.map(({ at }) => at)
    const count = (of: 'wrong' | 'rude' | 'left') => all.flatMap((one) => one[of]).length
    return [
      [
        `\`${name}\``,
        what,
        list([...new Set(all.map(({ kernel }) => kernel))]),
        all.length,
        `${min(times).toFixed(1)} to ${max(times).toFixed(1)}`,
        endsOf(all.map(({ status }) => status)),
        endsOf(all.map(({ next }) => next)),
        count('wrong'),
        count('rude'),
        count('left'),
      ],
    ]
  })
  const amiss = done.flatMap(({ fault, kernel, at, wrong, rude, left }) =>
    [...wrong, ...rude, ...left].map((words) => `- \`${fault}\` on ${kernel} after ${at.toFixed(1)} s: ${words}`),
  )
  const head = [
    'fault',
    'what was done',
    'kernels',
    'runs',
    'after s',
    'exit status',
    'of the next command',
    'wrong',
    'rude',
    'left',
  ]
  return [`${done.length} faults, seed ${seed}.`, '', table(head, rows), ...(amiss.length ? ['', ...amiss] : [])].join(
    '\n',
  )
}
