import { stripVTControlCharacters } from 'node:util'

/** Columns where there is no terminal to ask: a file, a pipe, a mail. */
export const ELSEWHERE = 120
const [NARROWEST, WIDEST] = [60, 200]

/** Columns that what is written to a stream may take: as COLUMNS says, else as the terminal has, within reason. */
export function columnsOf(stream: { isTTY?: boolean; columns?: number }, env = process.env): number {
  const said = /^\d+$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : 0
  const wide = said || (stream.isTTY && stream.columns) || ELSEWHERE
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

/** The parts of a word that is broken where it must be: behind what joins them. */
export const pieces = (word: string) => word.match(/[^-~/.,:_=+]*[-~/.,:_=+]+|[^-~/.,:_=+]+/g) ?? []

/** Breaks a text into lines that are no longer than `width`, between words, else inside of them where they are joined. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines = ['']
    const add = (piece: string, space: string) => {
      const last = lines.at(-1)!
      if (last === '') lines[lines.length - 1] = piece
      else if (widthOf(last + space + piece) <= width) lines[lines.length - 1] = last + space + piece
      else lines.push(piece)
    }
    for (const word of paragraph.split(' ').filter(Boolean)) {
      const parts = widthOf(word) <= width ? [word] : pieces(word).flatMap((piece) => cut(piece, width))
      for (const [i, piece] of parts.entries()) add(piece, i === 0 ? ' ' : '')
    }
    return lines
  })
}

const cut = (piece: string, width: number) => piece.match(new RegExp(`.{1,${width}}`, 'gs')) ?? []
