import type { Grid } from '../facts/details.ts'
import type { Words } from '../sentences/words.ts'

/** Text in which nothing is markup. */
export const plain = (text: string) =>
  text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]|#~!]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')

/** A fence or quote of backticks longer than any in the text. */
const ticks = (text: string, least: number) =>
  '`'.repeat(Math.max(least, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)))

/** Text as code. */
export const code = (text: string) => {
  const quote = ticks(text, 1)
  const space = quote.length > 1 ? ' ' : ''
  return quote + space + text.replace(/[\r\n]+/g, ' ') + space + quote
}

/** Lines of text as they are, in a fence. */
export const block = (text: string, language = '') => {
  const fence = ticks(text, 3)
  return `${fence}${language}\n${text}\n${fence}`
}

/** Words whose `backticks` mark names. */
export const marked = (words: Words) =>
  words
    .split('`')
    .map((part, i) => (i % 2 ? code(part) : plain(part)))
    .join('')

/** Code in a table, where a bar ends the cell. */
export const codeCell = (text: string) => code(text).replaceAll('|', '\\|')

/** A table; the cells are Markdown already. */
export const table = (head: string[], rows: string[][]) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

/** A grid whose first column names things. */
export const grid = ({ head, rows }: Grid) =>
  table(
    head.map(plain),
    rows.map(([name, ...rest]) => [codeCell(name!), ...rest.map(plain)]),
  )
