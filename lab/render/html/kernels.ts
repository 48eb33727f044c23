import { labelled } from '../facts/cells/labels.ts'
import type { Group } from '../facts/groups/groups.ts'
import type { Setting } from '../facts/groups/places.ts'
import { type Loss, tracksOf } from '../facts/groups/points.ts'
import { html } from './markup.ts'
import { inTurn } from './plots/draw.ts'
import { kernelsPlot, scaleOf } from './plots/kernels.ts'
import { note } from './table.ts'

const LOSSES: { loss: Loss; what: string; colour: string }[] = [
  { loss: 'resets', what: 'resets', colour: 'var(--reset)' },
  { loss: 'refused', what: 'refused connections', colour: 'var(--case4)' },
]

/** For each case that lost anything, its number over the kernels; what was refused apart from what was reset. */
export async function kernelsSection({ label, groups }: Setting) {
  const kernels = labelled(groups)
  const blocks = await inTurn(LOSSES, (one) => plots(kernels, one))
  if (blocks.every((block) => block === '')) return ''
  return html`<section><h2>Over the kernels${label && `, ${label}`}</h2>
${note('From the oldest to the newest. A line joins kernels that were run alike; hollow points were run otherwise. ~: noisy or overloaded. A dash: no number there; unavailable kernels are left out.')}
${blocks}</section>`
}

async function plots(groups: Group[], { loss, what, colour }: (typeof LOSSES)[number]) {
  const tracks = tracksOf(groups, loss)
  if (tracks.length === 0) return ''
  const scale = scaleOf(tracks)
  const figures = await inTurn(tracks, async (track) => {
    const plot = await kernelsPlot(track, groups, scale, colour, what)
    return html`<figure><figcaption><strong>${track.case}</strong><span>${what} per reload</span></figcaption>${plot}</figure>\n`
  })
  return html`${note(`Mean of the ${what} per reload, with the 95 % interval; one scale for all${scale.logarithmic ? ', logarithmic above 1, since the largest would flatten the others' : ''}.`)}
<div class="multiples two">${figures}</div>`
}
