import type { Result } from '../model/result.ts'
import { type Finding, saidOf } from './finding.ts'

/** A healthy case that ran beside broken ones, and what the lab said of it. */
export interface Twin {
  name: string
  kernel: string
  verdict: string
  /** Why it is not green; null when it is. */
  reason: string | null
}

/** What a result says of the cases that must be green. Noise comes from the machine and is no verdict. */
export const twinsOf = (result: Result, healthy: string[]): Twin[] =>
  healthy.map((name) => {
    const [verdict, ...beside] = saidOf(result, name)
    const kernel = result.cells.find((cell) => cell.case === name)?.kernel ?? ''
    if (!verdict) return { name, kernel, verdict: 'did not run', reason: 'no such cell' }
    const words = [verdict.verdict, ...beside.map((flag) => flag.verdict)].join(', ')
    return { name, kernel, verdict: words, reason: verdict.verdict === 'expected' ? null : verdict.reason }
  })

/** Defects that went unnoticed and are not known to. */
export const missedOf = (findings: Finding[]) => findings.filter(({ caught, pending }) => !caught && !pending)

const field = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ').trim()
const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(field).join(' | ')} |`).join('\n')

/** The clause of a reason that caught the defect; the others are about what else it spoiled. */
const clauseOf = (reason: string, by: RegExp) => reason.split('; ').find((clause) => by.test(clause)) ?? reason

function row({ name, planted, caught, by, pending, said }: Finding): string[] {
  if (caught) return [`\`${name}\``, planted, caught.verdict, clauseOf(caught.reason, by)]
  const found = said.map(({ verdict, reason }) => `${verdict}: ${reason}`).join('; ')
  return [`\`${name}\``, planted, pending ? 'not yet' : '**not caught**', pending ?? found]
}

/** The list as Markdown: how many defects were planted and caught, what caught each, and the healthy cases beside them. */
export function renderList(findings: Finding[], twins: Twin[]): string {
  const caught = findings.filter((finding) => finding.caught).length
  const pending = findings.filter((finding) => !finding.caught && finding.pending).length
  const missed = missedOf(findings)
  const unwell = twins.filter(({ reason }) => reason !== null)
  return [
    `${findings.length} planted, ${caught} caught${pending ? `, ${pending} that cannot be caught yet` : ''}; ` +
      `${missed.length ? `not caught: ${missed.map(({ name }) => name).join(', ')}` : 'none missed'}. ` +
      `Healthy cases beside them: ${twins.length}, ${unwell.length ? `${unwell.length} of them not green` : 'all green'}.`,
    ...(twins.some(({ verdict }) => verdict.includes('noisy'))
      ? ['The machine was noisy by itself: what was caught as noisy might have been so without its defect.']
      : []),
    table(['defect', 'planted', 'caught', 'by'], findings.map(row)),
    table(
      ['healthy', 'kernel', 'verdict', 'reason'],
      twins.map(({ name, kernel, verdict, reason }) => [`\`${name}\``, kernel, verdict, reason ?? '']),
    ),
  ].join('\n\n')
}
