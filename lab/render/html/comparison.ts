import { isMeasured, type MeasuredCell } from '../../model/result.ts'
import { type Comparison, type ComparisonSection, type Outcome, outcomeText } from '../tables/outcomes.ts'
import { html, marked } from './markup.ts'
import { badges, density, doubts, EXPECTED, folded, note } from './table.ts'

/** With more comparisons in a section each is folded. */
const MANY = 4

/** Comparisons of a kind, shaded by the resets on one scale. */
export function comparisonSection({ title, comparisons, legend, notes = [] }: ComparisonSection) {
  const fold = comparisons.length > MANY
  const outcomes = comparisons.flatMap(({ rows }) => rows.flatMap((row) => row.outcomes))
  const cells = outcomes.flatMap((one) => (one && 'cell' in one ? [one.cell] : []))
  const most = Math.max(...cells.filter(isMeasured).map(meanOf), Number.MIN_VALUE)
  return html`<section><h2>${title}</h2>
${legend && note(`${legend.join(' ')} The darker, the more resets.`)}
${notes.map((words) => html`<p class="note">${marked(words)}</p>\n`)}
${comparisons.map((one) => {
  if (fold) return folded(html`<strong>${one.title}</strong>`, heatTable(one, most))
  return html`${one.title && html`<h3>${one.title}</h3>`}${heatTable(one, most)}`
})}</section>\n`
}

function heatTable({ corner, columns, rows, priceOf, priceAgainst }: Comparison, most: number) {
  const heads = columns.map(
    ({ title, detail, about }) =>
      html`<th scope="col"${about && html` title="${about}"`}><code>${title}</code>${detail && html`<small>${detail}</small>`}</th>`,
  )
  return html`<div class="panel scroll"><table class="wide heat${density(columns.length)}">
<thead><tr><th scope="col">${corner}</th>${heads}${priceOf && html`<th scope="col" class="left">price<small>under ${priceOf}${priceAgainst && `, against ${priceAgainst}`}</small></th>`}</tr></thead>
<tbody>${rows.map(({ title, about, outcomes, unavailable, price }) => {
    const fields =
      unavailable === undefined
        ? outcomes.map((outcome) => outcomeField(outcome, most))
        : html`<td class="void" colspan="${columns.length}"><span>unavailable: ${unavailable}</span></td>`
    return html`<tr><th scope="row"${about && html` title="${about}"`}>${title}</th>${fields}${priceOf && html`<td class="words">${price}</td>`}</tr>\n`
  })}</tbody>
</table></div>`
}

/** A longer line of a field is words, which may take several lines. */
const LONG = 11

const small = (line: string, ...classes: string[]) => {
  const names = [...classes, ...(line.length > LONG ? ['long'] : [])].join(' ')
  return html`<small${names && html` class="${names}"`}><span>${line}</span></small>`
}

const meanOf = (cell: MeasuredCell) => cell.resetsPerReload.mean

function outcomeField(outcome: Outcome, most: number) {
  if (!outcome) return html`<td class="void"><span>not run</span></td>`
  if ('skipped' in outcome) {
    const { reason, feature } = outcome.skipped
    return html`<td class="void" title="${reason}"><span>– skipped</span>${feature && small(`no ${feature}`)}</td>`
  }
  const { cell } = outcome
  if (!isMeasured(cell)) return html`<td class="void">${badges(cell)}</td>`
  const { main, detail, losses } = outcomeText(cell)
  const lines = [...detail.map((line) => small(line)), ...losses.map((line) => small(line, 'more'))]
  // By the root of the resets, so that small numbers still show.
  const heat = Math.round(55 * Math.sqrt(meanOf(cell) / most))
  const look = cell.verdict === 'inconclusive' ? 'void' : 'shaded'
  return html`<td class="${look}" style="--heat:${heat}%" title="${cell.reason}"><span>${main}</span>${cell.verdict === 'expected' && html` ${EXPECTED}`}${lines}${doubts(cell)}</td>`
}
