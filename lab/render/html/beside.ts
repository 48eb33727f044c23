import { isMeasured } from '../../model/result.ts'
import { type Beside, ceilingWord, loadDetail } from '../facts/beside.ts'
import { list } from '../facts/format.ts'
import { type Field, said } from '../facts/matrix.ts'
import { badges } from './badges.ts'
import { heatOf } from './heat.ts'
import { html } from './markup.ts'

/** The cases of one kernel under one load beside the other, shaded as in the map of kernels and cases. */
export function besideHtml({ place, priced, rows }: Beside) {
  const means = place.groups.flatMap(({ cells }) => cells.filter(isMeasured).map((cell) => cell.resetsPerReload.mean))
  const most = Math.max(...means, Number.MIN_VALUE)
  return html`<div class="panel scroll"><table class="wide heat beside">
<thead><tr><th scope="col">Case</th>${place.groups.map((group) => html`<th scope="col">${group.load.name}<small>${loadDetail(group)}</small></th>`)}${priced && html`<th scope="col" class="left">Price<small>under ${priced.load.name}, against none</small></th>`}</tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr><th scope="row"><code>${row.case}</code></th>${row.fields.map((field) => fieldHtml(field, most))}${priced && html`<td class="words">${list(row.price)}</td>`}</tr>\n`,
  )}</tbody>
</table></div>`
}

function fieldHtml(field: Field, most: number) {
  if (!field) return html`<td class="void"><span>not run</span></td>`
  if ('skipped' in field) return html`<td class="void" title="${field.skipped.reason}"><span>– skipped</span></td>`
  const { cell } = field
  if (!isMeasured(cell)) return html`<td class="void" title="${cell.reason}">${badges(cell)}</td>`
  const { main, detail, more } = said(cell)
  const lines = [
    html`<small><span>${[...detail, ...ceilingWord(cell)].join(' · ')}</span></small>`,
    ...more.map((line) => html`<small class="more"><span>${line}</span></small>`),
  ]
  return html`<td class="${cell.verdict === 'inconclusive' ? 'void' : 'shaded'}" style="--heat:${heatOf(cell, most)}%" title="${cell.reason}"><span>${main}</span>${lines}${badges(cell)}</td>`
}
