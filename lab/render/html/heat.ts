import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { ceilingWord } from '../facts/beside.ts'
import type { Group } from '../facts/groups.ts'
import { type Field, MATRIX_LEGEND, matrix, said } from '../facts/matrix.ts'
import { badge, flagged, mark } from './badges.ts'
import { html } from './markup.ts'

/** Kernels by cases, shaded by the root of the resets so that small numbers still show. */
export function heatMap(result: Result, all: Group[]) {
  const { cases, rows } = matrix(result, all)
  const means = all.flatMap(({ cells }) => cells.filter(isMeasured).map((cell) => cell.resetsPerReload.mean))
  const most = Math.max(...means, Number.MIN_VALUE)
  return html`<section><h2>Kernels and cases</h2>
<p class="note">${MATRIX_LEGEND.join(' ')} The darker, the more resets.</p>
<div class="panel scroll"><table class="wide heat">
<thead><tr><th scope="col">Kernel</th>${cases.map((name) => html`<th scope="col"><code>${name}</code></th>`)}</tr></thead>
<tbody>${rows.map(
    ({ label, title, fields, reason }) =>
      html`<tr><th scope="row" title="${title}">${label}</th>${
        reason === undefined
          ? fields.map((field) => fieldOf(field, most))
          : html`<td class="void" colspan="${cases.length}"><span>could not be had: ${reason}</span></td>`
      }</tr>\n`,
  )}</tbody>
</table></div></section>`
}

/** How dark a field is, in per cent: by the root of the resets, so that small numbers still show. */
export const heatOf = (cell: MeasuredCell, most: number) => Math.round(55 * Math.sqrt(cell.resetsPerReload.mean / most))

function fieldOf(field: Field, most: number) {
  if (!field) return html`<td class="void"><span>not run</span></td>`
  if ('skipped' in field)
    return html`<td class="void" title="${field.skipped.reason}"><span>– skipped</span><small><span>${field.skipped.feature && `no ${field.skipped.feature}`}</span></small></td>`
  const { cell } = field
  if (!isMeasured(cell)) return html`<td class="void" title="${cell.reason}">${badge('failed')}</td>`
  const { main, detail, more } = said(cell)
  const noise = flagged(cell)
  const lines = [
    ...[...detail, ...ceilingWord(cell)].map((line) => html`<small><span>${line}</span></small>`),
    ...more.map((line) => html`<small class="more"><span>${line}</span></small>`),
  ]
  if (cell.verdict === 'inconclusive')
    return html`<td class="void" title="${cell.reason}"><span>${main}</span>${lines}${badge('inconclusive')}${noise}</td>`
  const heat = heatOf(cell, most)
  const doubt = cell.verdict === 'contradicts' && mark(cell.verdict)
  return html`<td class="shaded" style="--heat:${heat}%" title="${cell.reason}">${main}${cell.verdict === 'expected' && html` ${mark('expected')}`}${lines}${doubt}${noise}</td>`
}
