import type { VERDICTS } from '../../model/result.ts'
import { flags } from '../facts/account.ts'
import type { Grid } from '../facts/details.ts'
import type { Cell } from '../facts/groups.ts'
import type { Words } from '../sentences/words.ts'
import { type Html, html, marked } from './markup.ts'

const SIGNS = {
  expected: '✓',
  contradicts: '≠',
  inconclusive: '?',
  failed: '✕',
  skipped: '–',
  interrupted: '…',
  noisy: '~',
  overloaded: '~',
  capped: '⌃',
}

/** A verdict, or what is as good as one, by sign and word, not by colour alone. */
export const badge = (word: keyof typeof SIGNS, text: string = word) =>
  html`<span class="badge ${word}"><span aria-hidden="true">${SIGNS[word]} </span>${text}</span>`

/** What disturbed a cell, with the reason for those who ask. */
export const flagged = (cell: Cell) =>
  flags(cell).map(({ word, why }) => html` <span title="${why}">${badge(word)}</span>`)

/** The verdict of a cell, and what disturbed it. */
export const badges = (cell: Cell) => html`${badge(cell.verdict)}${flagged(cell)}`

/** A verdict in little room: the sign alone when it is the expected one, with the word for those who cannot see it. */
export const mark = (verdict: (typeof VERDICTS)[number]) =>
  verdict === 'expected'
    ? html`<span class="mark" title="expected">${SIGNS.expected}<span class="unseen"> expected</span></span>`
    : badge(verdict)

/** From so many characters on a field is words, which may take several lines. */
const LONG = 24

export const grid = ({ head, rows }: Grid) => html`<div class="panel scroll"><table class="wide">
<thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>${rows.map(([name, ...rest]) => html`<tr><th scope="row"><code>${name}</code></th>${rest.map((text) => (text.length > LONG ? html`<td class="words">${text}</td>` : html`<td>${text}</td>`))}</tr>\n`)}</tbody>
</table></div>`

export const findings = (words: Words[]) =>
  html`<ul class="findings">${words.map((sentence) => html`<li>${marked(sentence)}</li>\n`)}</ul>`

/** A term and what belongs to it. */
export const terms = (items: [term: string, fact: Html | string][]) =>
  html`<dl>${items.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>`

/** The address of a file in the folder of the run. */
export const hrefOf = (...path: string[]) =>
  `./${path
    .flatMap((part) => part.split('/'))
    .map(encodeURIComponent)
    .join('/')}`

/** How many of the cells have each verdict. */
export const tally = (cells: Cell[]) => {
  const verdicts = [...new Set(cells.map(({ verdict }) => verdict))]
  return verdicts.map(
    (verdict) => html`${badge(verdict, `${cells.filter((cell) => cell.verdict === verdict).length} ${verdict}`)} `,
  )
}
