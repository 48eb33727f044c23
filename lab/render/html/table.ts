import type { ResultCell } from '../../model/result.ts'
import { addressOf } from '../facts/remarks.ts'
import type { Words } from '../sentences/words.ts'
import { type Badge, badgesOf, type Table, type TableCell } from '../tables/table.ts'
import { Html, html, marked } from './markup.ts'

const SIGNS = {
  expected: '✓',
  contradicts: '≠',
  inconclusive: '?',
  failed: '✕',
  skipped: '–',
  interrupted: '…',
  missing: '…',
  mixed: '≠',
  'one-core': '≠',
  noisy: '~',
  overloaded: '~',
  understated: '≥',
  misjudged: '≠',
  uncertain: '?',
  moved: '⇄',
  capped: '⌃',
}

/** A verdict, or what is as good as one, by sign and word, not by colour alone. */
export const badge = (word: keyof typeof SIGNS, text: string = word) =>
  html`<span class="badge ${word}"><span aria-hidden="true">${SIGNS[word]} </span>${text}</span>`

/** Badges, each with its reason as a tooltip. */
export const badgeList = (all: Badge[]) =>
  all.map(({ word, why }, i) => html`${i > 0 && ' '}<span title="${why}">${badge(word)}</span>`)

/** The verdict of a cell, and what disturbed it. */
export const badges = (cell: ResultCell) => badgeList(badgesOf(cell))

/** What must be seen of a cell: a verdict that is not the expected one, and what disturbed it. */
export const doubts = (cell: ResultCell) => badgeList(badgesOf(cell).filter(({ word }) => word !== 'expected'))

/** The expected verdict in little room: the sign alone, with the word for those who cannot see it. */
export const EXPECTED = html`<span class="mark" title="expected">${SIGNS.expected}<span class="unseen"> expected</span></span>`

/** How many of the cells have each verdict. */
export function tally(cells: ResultCell[]) {
  const verdicts = [...new Set(cells.map(({ verdict }) => verdict))]
  return verdicts.map((verdict) => {
    const count = cells.filter((cell) => cell.verdict === verdict).length
    return html`${badge(verdict, `${count} ${verdict}`)} `
  })
}

/** With more characters a field is words, which may take several lines. */
const LONG = 24
const textOf = (cell: TableCell) => (typeof cell === 'string' ? cell : cell.text)

/** Whether a field is more than a number with its unit. */
const isWords = (cell: TableCell) =>
  /[a-z]{2}/i.test(textOf(cell)) || (typeof cell !== 'string' && cell.badges !== undefined)

/** With more columns a table is set smaller, so that it is read as a whole. */
const DENSE = 10

/** The class of a table with so many columns. */
export const density = (columns: number) => (columns > DENSE ? ' dense' : '')

/** How a field is set: words, and numbers of several boots, may take several lines. */
function look(text: string, badges: Badge[], left: boolean, span: number) {
  if (badges.length > 0) return 'left badged'
  if (text.includes(' / ')) return 'several'
  return text.length > LONG || span > 1 ? 'words' : left ? 'left' : ''
}

function field(cell: TableCell, left: boolean, span: number) {
  const { text, detail, about, file, badges = [] } = typeof cell === 'string' ? { text: cell } : cell
  const name = look(text, badges, left, span)
  const small = detail && html`<small${detail.length > LONG && new Html(' class="words"')}>${detail}</small>`
  return html`<td${name && html` class="${name}"`}${about && html` title="${about}"`}${span > 1 && html` colspan="${span}"`}>${
    file ? html`<a href="${addressOf(file)}">${text}</a>` : text
  }${small}${badgeList(badges)}</td>`
}

/** A name as code, words as they are with what belongs to them. */
const heading = (cell: TableCell) =>
  typeof cell === 'string'
    ? html`<code>${cell}</code>`
    : html`${cell.text}${cell.detail && html`<small>${cell.detail}</small>`}`

/** A table: its first column names the rows, its numbers stand to the right, its words to the left. */
export function table({ head, rows }: Table) {
  const left = head.map((_, i) => rows.some((row) => row[i] !== undefined && isWords(row[i])))
  const heads = head.map((one, i) => {
    const { text, about } = typeof one === 'string' ? { text: one } : one
    return html`<th scope="col"${left[i] && html` class="left"`}${about && html` title="${about}"`}>${text}</th>`
  })
  return html`<div class="panel scroll"><table class="wide${density(head.length)}">
<thead><tr>${heads}</tr></thead>
<tbody>${rows.map(([name = '', ...rest]) => {
    const [verdict] = rest.flatMap((cell) => (typeof cell === 'string' ? [] : (cell.badges ?? [])))
    const fields = rest.map((cell, i) => field(cell, left[i + 1]!, i === rest.length - 1 ? head.length - 1 - i : 1))
    return html`<tr${verdict && html` class="${verdict.word}"`}><th scope="row">${heading(name)}</th>${fields}</tr>\n`
  })}</tbody>
</table></div>`
}

export const note = (text = '') => (text === '' ? html`` : html`<p class="note">${text}</p>\n`)

export const findings = (words: Words[]) =>
  html`<ul class="findings">${words.map((sentence) => html`<li>${marked(sentence)}</li>\n`)}</ul>`

/** A term and what belongs to it. */
export const terms = (items: [term: string, fact: Html | string][]) =>
  html`<dl>${items.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>`

/** What is read only by those who open it. */
export const folded = (summary: Html, body: Html | Html[] | '' | false | undefined) =>
  html`<details><summary>${summary}</summary>${body}</details>\n`
