import { wrap } from '../render/terminal/fit.ts'
import { type Finding, STATES, type State, type Verified } from './finding.ts'

const WORDS: Record<State, string> = { ok: 'ok', differs: 'DIFFERS', unchecked: 'cannot be checked here' }

/** So many things of a kind are named; of more, the number. */
const NAMED = 3

/**
 * What was found of a run, in lines of at most `width` columns: what differs last, so that it stays on the screen. Of
 * which the same is said stands together.
 */
export function findingsText({ run, findings }: Verified, width: number): string {
  const parts = (['ok', 'unchecked', 'differs'] as const).flatMap((state) => {
    const its = findings.filter(({ is }) => is === state)
    return its.length ? [`${WORDS[state]}:`, ...together(its, state).flatMap((line) => indented(line, width))] : []
  })
  const counts = STATES.map((state) => findings.filter(({ is }) => is === state).length)
  const sum = `${counts[0]} ok, ${counts[1]} ${counts[1] === 1 ? 'differs' : 'differ'}, ${counts[2]} cannot be checked here`
  return `${[run, ...parts, sum].join('\n')}\n`
}

/** A line for all findings of a kind of which the same is said; what differs has a line each. */
function together(findings: Finding[], state: State): string[] {
  if (state === 'differs') return findings.map(({ what, of, says }) => `${what}: ${of}: ${says}`)
  const groups = new Map<string, Finding[]>()
  for (const one of findings) {
    const key = `${one.what}: ${one.says}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].map((all) => {
    const [{ what, says }] = all as [Finding]
    return all.length > NAMED
      ? `${what} (${all.length}): ${says}`
      : `${what}: ${all.map(({ of }) => of).join(', ')}: ${says}`
  })
}

const indented = (line: string, width: number) =>
  wrap(line, width - 4).map((part, i) => (i === 0 ? `  ${part}` : `    ${part}`))
