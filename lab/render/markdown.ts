import { isMeasured, type Result } from '../measure/result.ts'
import { answer, headline, type Words } from './answer.ts'
import { resetsChart } from './chart.ts'
import { type Column, columns } from './columns.ts'
import {
  accounts,
  conspicuous,
  type Grid,
  HOW_TO_READ,
  kernelFacts,
  runNames,
  runs,
  script,
  threeCounts,
} from './details.ts'
import { again, perReload, shell, whole } from './format.ts'
import { type Group, groups } from './groups.ts'

const plain = (text: string) =>
  text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]|#~!]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')

/** A fence or quote of backticks longer than any in the text. */
const ticks = (text: string, least: number) =>
  '`'.repeat(Math.max(least, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)))

const code = (text: string) => {
  const quote = ticks(text, 1)
  const space = quote.length > 1 ? ' ' : ''
  return quote + space + text.replace(/[\r\n]+/g, ' ') + space + quote
}

const block = (text: string, language = '') => {
  const fence = ticks(text, 3)
  return `${fence}${language}\n${text}\n${fence}`
}

/** Words whose `backticks` mark names. */
const marked = (words: Words) =>
  words
    .split('`')
    .map((part, i) => (i % 2 ? code(part) : plain(part)))
    .join('')

/** Code in a table, where a bar ends the cell. */
const codeCell = (text: string) => code(text).replaceAll('|', '\\|')

/** A table; the cells are Markdown already. */
const table = (head: string[], rows: string[][]) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

const grid = ({ head, rows }: Grid) =>
  table(
    head.map(plain),
    rows.map(([name, ...rest]) => [codeCell(name!), ...rest.map(plain)]),
  )

function summary(group: Group, shown: Column[]) {
  const rows = group.cells.map((cell) => [
    codeCell(cell.case),
    `**${cell.verdict}**`,
    ...shown.map(({ text }) => {
      if (!isMeasured(cell)) return '-'
      const [main, detail] = text(cell, group)
      return plain(detail ? `${main} (${detail})` : main)
    }),
  ])
  const skipped = group.skipped.map((cell) => [codeCell(cell.case), 'skipped', ...shown.map(() => '-')])
  return table(['case', 'verdict', ...shown.map(({ head }) => plain(head))], [...rows, ...skipped])
}

/** Resets a reload by kernel and case. */
function kernelsByCases(all: Group[]) {
  const cases = [...new Set(all.flatMap(({ cells }) => cells.map((cell) => cell.case)))]
  const rows = all.map((group) => [
    codeCell(group.title),
    ...cases.map((name) => {
      const cell = group.cells.find((found) => found.case === name)
      if (!cell) return ''
      return isMeasured(cell) ? plain(perReload(cell).join(' · ')) : '**failed**'
    }),
  ])
  return table(['resets a reload', ...cases.map(codeCell)], rows)
}

/**
 * report.md.
 *
 * @param labels the name of each cell's run, in the order of `result.cells`, when they come from several
 */
export function renderMarkdown(result: Result, labels?: string[]): string {
  const all = groups(result, labels)
  const shown = columns(all)
  const said = answer(result, labels)
  const several = all.length > 1
  const runsSaid = runNames(labels)
  const parts = [
    `# ${marked(headline(result, labels))}`,
    ...(result.interrupted ? ['> **Interrupted:** only the cells that had ended by then are here.'] : []),
    ...(said.whole.length > 0 ? [marked(said.whole.join(' '))] : []),
    ...said.each.map(({ title, words }) => `**${plain(title)}:** ${marked(words.join(' '))}`),
    plain(
      `${runsSaid ? `Comparison of ${runsSaid}` : `Run ${result.name}`}, ${result.started}, ${whole(result.seconds)} s, hitless ${result.lab.version}${result.lab.commit ? ` (${result.lab.commit})` : ''}.`,
    ),
  ]

  const seen = conspicuous(all)
  if (seen.length > 0 || result.skipped.length > 0) {
    parts.push('## Not as expected, or not run')
    for (const { group, cell } of seen) {
      parts.push(
        `- **${cell.verdict}** ${code(cell.case)}${several ? ` on ${plain(group.title)}` : ''}: ${plain(cell.reason)}`,
      )
      if (!isMeasured(cell) && cell.consoleTail.length > 0) parts.push(block(cell.consoleTail.join('\n'), 'text'))
    }
    for (const { kernel, case: name, reason } of result.skipped)
      parts.push(`- skipped ${code(name)} on ${plain(kernel)}: ${plain(reason)}`)
  }

  parts.push('## Summary')
  if (several) parts.push(kernelsByCases(all))
  for (const group of all) parts.push(`### ${plain(group.title)}`, `${plain(group.conditions)}.`, summary(group, shown))
  const chart = resetsChart(result, false, labels)
  if (chart) parts.push('## Resets by reload', block(chart.trimEnd(), 'text'))

  parts.push('## Two accounts and three counts')
  for (const group of all) {
    parts.push(`### ${plain(group.title)}: strict account and inject’s`, grid(accounts(group)))
    parts.push(`### ${plain(group.title)}: generator, wire, kernel`, grid(threeCounts(group)))
  }

  parts.push('## How it was run')
  for (const group of all) {
    parts.push(`### ${plain(group.title)}`, `${plain(group.conditions)}.`)
    parts.push(
      kernelFacts(group)
        .map(([term, fact]) => `- ${plain(term)}: ${code(fact)}`)
        .join('\n'),
      grid(runs(group)),
    )
  }
  if (!runsSaid) {
    const { kernel, cpu, cpus, qemu } = result.host
    parts.push(plain(`Host: Linux ${kernel}, ${cpus} × ${cpu}${qemu ? `, ${qemu}` : ''}.`))
  }
  parts.push('To run it again:', block(again(result.argv), 'sh'))

  parts.push('## How to read it', HOW_TO_READ.map((words) => `- ${marked(words)}`).join('\n'))

  parts.push('## Cases')
  for (const facts of result.cases) {
    parts.push(`### ${code(facts.name)}: ${plain(facts.title)}`, `${plain(facts.idea)} Source: ${plain(facts.source)}.`)
    const lines = script(facts.commands)
    if (lines) parts.push(block(lines, 'sh'))
    if (facts.drawbacks.length > 0)
      parts.push(facts.drawbacks.map((drawback) => `- Price: ${plain(drawback)}`).join('\n'))
  }

  parts.push('## Guests')
  for (const { cells } of all)
    for (const cell of cells) parts.push(`${code(cell.folder)}:`, block(shell(cell.command), 'sh'))
  return `${parts.join('\n\n')}\n`
}
