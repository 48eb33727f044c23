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

/** Lines of a list; they are Markdown already. */
export const bullets = (lines: string[]) => lines.map((line) => `- ${line}`).join('\n')
