import { stripVTControlCharacters, styleText } from 'node:util'

/** Columns where there is no terminal to ask: a file, a pipe, a mail. */
export const WIDTH = 120
const [NARROWEST, WIDEST] = [60, 200]

/** Columns that what is written to a stream may take: as COLUMNS says, else as the terminal has, within reason. */
export function columnsOf(stream: { isTTY?: boolean; columns?: number }, env = process.env): number {
  const asked = /^\d+$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : 0
  const wide = asked || (stream.isTTY && stream.columns) || WIDTH
  return Math.min(Math.max(wide, NARROWEST), WIDEST)
}

/** Characters that are seen of a text, the longest of its lines. */
export const widthOf = (text: string) =>
  Math.max(
    0,
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.length),
  )

/** The parts of a word, which is broken behind what joins them where it must be. */
export const partsOf = (word: string) => word.match(/[^-~/.,:_=+]*[-~/.,:_=+]+|[^-~/.,:_=+]+/g) ?? []

/** A sentence with its dash, in lines that are no longer than `width`; names lose their marks. */
export const bullet = (words: string, width: number): string[] =>
  wrap(ascii(words.replaceAll('`', '')), width - 2).map((line, i) => `${i === 0 ? '-' : ' '} ${line}`)

/** Breaks a text into lines that are no longer than `width`: between words, else inside of them. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = ['']
    const add = (part: string, space: string) => {
      const last = lines.at(-1)!
      if (last === '') lines[lines.length - 1] = part
      else if (widthOf(last + space + part) <= width) lines[lines.length - 1] = last + space + part
      else lines.push(part)
    }
    for (const word of paragraph.split(' ').filter(Boolean)) {
      const parts = widthOf(word) <= width ? [word] : partsOf(word).flatMap((part) => cut(part, width))
      for (const [i, part] of parts.entries()) add(part, i === 0 ? ' ' : '')
    }
    return lines
  })
}

const cut = (part: string, width: number) => part.match(new RegExp(`.{1,${width}}`, 'gs')) ?? []

/** Text in plain ASCII but for its bars, so that it survives in a mail. */
export const ascii = (text: string) =>
  text.replaceAll('–', '-').replaceAll('−', '-').replaceAll('’', "'").replaceAll('≥', '>=').replaceAll('\u00a0', ' ')

/** Text in a style of `util.styleText`. Whether the terminal wants it is the caller's question, and asked once. */
export const painted = (colour: boolean, style: Parameters<typeof styleText>[0], text: string) =>
  colour ? styleText(style, text, { validateStream: false }) : text
