import { maxacceptText } from '../facts/cells/conditions.ts'
import { AXIS_WORDS, type LoadMap, MAP_TITLES } from '../facts/groups/loadmap.ts'
import { names } from '../sentences/words.ts'
import { Html, html, marked } from './markup.ts'
import { inTurn } from './plots/draw.ts'
import { ceilingLabel, colourOf, mapPlot } from './plots/loadmap.ts'
import { note } from './table.ts'

const CEILINGS =
  ' Dashed in its colour the ceiling, users − maxaccept, the most that one reload can lose. Hollow: a tenth of the reloads or more were within one of the ceiling, so that the number is the load’s.'

/** The load map as small multiples. */
export async function loadMapSection(map: LoadMap) {
  const figures = await inTurn(
    map.panels,
    async (panel) =>
      html`<figure><figcaption><strong>${panel.case}</strong><span>${panel.kernel}, ${panel.proxy}</span></figcaption>${await mapPlot(map, panel)}</figure>\n`,
  )
  const legend = map.maxaccepts.map(
    (maxaccept) =>
      html`<span class="line" style="--line:${new Html(colourOf(map, maxaccept))}" title="${map.axis === 'connections' ? ceilingLabel(map, maxaccept) : ''}">maxaccept ${maxacceptText(maxaccept)}</span>`,
  )
  const ceilings = map.axis === 'connections'
  return html`<section><h2>${MAP_TITLES[map.axis]}</h2>
${note(`Resets per reload by ${AXIS_WORDS[map.axis]}; both axes logarithmic, the vertical one linear below 0.1 so that it begins at 0. A line for each maxaccept.${ceilings ? CEILINGS : ''} Faint: inconclusive, noisy or overloaded.`)}
<p class="legend">${legend}${ceilings && html`<span class="dashed">ceiling</span><span class="full">below it: the kernel’s and the proxy’s</span><span class="hollow">at it: the load’s</span>`}</p>
<div class="multiples map" style="--columns:${Math.min(4, Math.max(3, map.proxies.length))}">${figures}</div>
${map.spared.length > 0 && html`<p class="note">No reset anywhere on the map: ${marked(names(map.spared))}.</p>`}</section>`
}
