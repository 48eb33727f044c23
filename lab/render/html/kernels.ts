import type { Result } from '../../model/result.ts'
import type { Group } from '../facts/groups.ts'
import { bootText, featureNames, type KernelRow, kernelRows, rateText, short } from '../facts/kernels.ts'
import { hrefOf } from './badges.ts'
import { html } from './markup.ts'

/** The kernels of a result: what each is, how fast it is here, and what it can do. */
export function kernelsSection(result: Result, all: Group[]) {
  const rows = kernelRows(result, all)
  const features = featureNames(rows)
  return html`<section><h2>Kernels</h2>
<p class="note">Hashes in full, and what each kernel says of itself, are with the kernel below. Boot: median over the cells, to the first event. Connections a second without reloads: the most under any load.</p>
<div class="panel scroll"><table class="wide">
<thead><tr><th scope="col">Kernel</th>${['Name', 'Debian’s version', 'Origin', 'Image', 'Package', 'Configuration', 'Boot', 'Conn/s'].map((head) => html`<th scope="col" class="left">${head}</th>`)}</tr></thead>
<tbody>${rows.map(kernelRow)}</tbody>
</table></div>
${
  features.length > 0 &&
  html`<h3>What they can do</h3>
<p class="note">Tried in the guest, not concluded from versions; point at a field to read what the attempt said.</p>
<div class="panel scroll"><table class="wide features">
<thead><tr><th scope="col">Kernel</th>${features.map((name) => html`<th scope="col"><code>${name}</code></th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr><th scope="row">${row.label}</th>${features.map((name) => featureOf(row.features[name]))}</tr>\n`,
  )}</tbody>
</table></div>`
}</section>`
}

const hashOf = (hash: string | null) =>
  html`<td class="left"><code title="${hash ?? 'not known'}">${short(hash)}</code></td>`

function kernelRow(row: KernelRow) {
  const { label, kernel, banner, version, origin, imageSha256, packageSha256, config } = row
  return html`<tr><th scope="row">${label}</th><td class="left"><code title="${banner ?? 'not known'}">${kernel}</code></td><td class="left">${version ?? '-'}</td><td class="left">${origin ?? '-'}</td>${hashOf(imageSha256)}${hashOf(packageSha256)}<td class="left">${
    config ? html`<a href="${hrefOf(config.file)}" title="SHA-256 ${config.sha256}">config</a>` : '-'
  }</td><td class="left">${bootText(row)}</td><td class="left">${rateText(row)}</td></tr>\n`
}

function featureOf(feature: KernelRow['features'][string] | undefined) {
  if (!feature) return html`<td>-</td>`
  return feature.has
    ? html`<td title="${feature.said}">✓ yes</td>`
    : html`<td class="lacks" title="${feature.said}">✕ no</td>`
}
