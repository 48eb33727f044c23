import { type LoadMap, maxacceptText, sparedWords } from '../facts/loadmap.ts'
import { Html, html, marked } from './markup.ts'
import { inTurn } from './plots/draw.ts'
import { ceilingText, colourOf, mapPlot } from './plots/loadmap.ts'

/** The load map as small multiples. */
export async function mapSection(map: LoadMap) {
  return html`<section><h2>Where a number is the kernel’s and where the load’s</h2>
${await panels(map)}
${map.spared.length > 0 && html`<p class="note">${marked(sparedWords(map))}</p>`}</section>`
}

async function panels(map: LoadMap) {
  const figures = await inTurn(
    map.panels,
    async (panel) =>
      html`<figure><figcaption><strong>${panel.case}</strong><span>${panel.kernel}, HAProxy ${panel.version}</span></figcaption>${await mapPlot(map, panel)}</figure>\n`,
  )
  const names = map.maxaccepts.map(
    (maxaccept) =>
      html`<span class="line" style="--line:${new Html(colourOf(map, maxaccept))}" title="${ceilingText(map, maxaccept)}">maxaccept ${maxacceptText(maxaccept)}</span>`,
  )
  return html`<p class="note">Resets a reload by connections; both axes logarithmic, the vertical one linear below 0.1 so that it begins at 0. A line a maxaccept; dashed in its colour, the most that the load can lose: users − maxaccept. Hollow: a tenth of the reloads or more were within one of that, so that the number is the load’s. Faint: inconclusive, noisy or overloaded.</p>
<p class="legend">${names}<span class="dashed">ceiling</span><span class="full">below it: the kernel’s and the proxy’s</span><span class="hollow">at it: the load’s</span></p>
<div class="multiples map" style="--columns:${Math.min(4, Math.max(2, map.versions.length))}">${figures}</div>`
}
