import type { Estimate, Spread } from '../boots/pairs.ts'
import type { Made } from './made.ts'

// How the documents of the figures write things.

/** A table; its fields are Markdown already. */
export function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Of what and where a document is. */
export const madeText = (name: string, { began, seconds, lab, host }: Made) =>
  `Made by \`npm run -s bench -- ${name}\` on ${began.slice(0, 10)}, at ${lab.commit ?? lab.version}${lab.changes ? ', with changes' : ''}, in ${Math.round(seconds / 60)} minutes: ${host.cpu}, ${host.cpus} CPUs, Linux ${host.kernel}, Node.js ${host.tools?.node}. All that was measured is in [\`${name}.json\`](${name}.json), boot by boot, each with the load averages before it.`

/** "1.02 (0.95 to 1.09)"; without an interval where there are too few values for one. */
export function estimateText(estimate: Estimate | null, digits: number): string {
  if (!estimate) return '–'
  const { mean, low, high } = estimate
  const text = (value: number) => value.toFixed(digits).replace(/^-(?=[0.]+$)/, '')
  return low === null || high === null ? text(mean) : `${text(mean)} (${text(low)} to ${text(high)})`
}

/** "1.02 (0.95 to 1.09)": the median, the least and the most. */
export const spreadText = (spread: Spread | null, digits: number) =>
  spread ? `${spread.median.toFixed(digits)} (${spread.least.toFixed(digits)} to ${spread.most.toFixed(digits)})` : '–'

/** What QEMU calls itself, without the words around it. */
export const qemuVersion = (said: string | null) => said?.match(/version (\S+)/)?.[1] ?? 'unknown'

/** The load averages over a minute before the parts, the least and the most. */
export const loadsText = (parts: { loadAverage: [number, number, number] }[]) => {
  const minutes = parts.map(({ loadAverage: [minute] }) => minute)
  return `${Math.min(...minutes).toFixed(2)} to ${Math.max(...minutes).toFixed(2)}`
}
