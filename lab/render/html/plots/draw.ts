import type * as ECharts from 'echarts'
import { Html, html } from '../markup.ts'

/** One file instead of the thousand that `echarts/core` and its parts are made of: a tenth of a second, not two. */
const BUNDLE = 'echarts/dist/echarts.esm.min.mjs'

/** Colours are the page's own CSS variables, so that one picture serves light, dark and paper. */
export const INK = 'var(--ink)'
export const MUTED = 'var(--muted)'
export const RULE = 'var(--rule)'
export const RESET = 'var(--reset)'
export const REPLY = 'var(--reply)'

/** A point of a drawing, in what its axes count or in CSS pixels. */
type Point = [x: number, y: number]

/** A part of a drawing, in CSS pixels, and the numbers that a reader sees who points at it. */
export interface Spot {
  x: number
  y: number
  width: number
  height: number
  text: string
}

/** What is said of a drawing in words. */
interface Words {
  title: string
  /** All that it shows, for those who cannot see it. */
  about: string
  /** What is said of its parts. @param at finds the pixels of a point of the axes */
  spots: (at: (point: Point) => Point) => Spot[]
}

/** A drawing as inline SVG of that many CSS pixels. */
export async function draw(option: ECharts.EChartsOption, width: number, height: number, words: Words) {
  const echarts = (await import(BUNDLE)) as typeof ECharts
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({ animation: false, ...option })
  const svg = chart.renderToSVGString()
  const spots = words.spots((point) => chart.convertToPixel({ gridIndex: 0 }, point) as Point)
  chart.dispose()
  // Left out: what serves scripts and styles that the page does not have, what the page's own <svg> sets, and clip paths,
  // whose ids differ from one rendering to the next and which cut nothing off.
  const drawing = svg
    .replace(/^<svg[^>]*>|<\/svg>\s*$/g, '')
    .replace(/<(style|defs)[\s\S]*?<\/\1>/g, '')
    .replace(/ (?:ecmeta_\w+|class|clip-path|pointer-events)="[^"]*"/g, '')
    .replaceAll('font-family:sans-serif;', '')
    .replace(/<(rect|path) (?![^>]*stroke="(?!none))[^>]*fill="none"[^>]*><\/\1>\n?/g, '')
    .replace(/ (?:stroke-linecap="butt"|stroke-miterlimit="10")/g, '')
    // The page's style says it once for all texts; and a tenth of a pixel is enough.
    .replaceAll(' dominant-baseline="central"', '')
    .replaceAll(' style="font-size:11px;"', '')
    .replace(/ (?:d|transform|points)="[^"]*"/g, (places) => places.replace(/(\.\d)\d+/g, '$1'))
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"><title>${words.title}</title><desc>${words.about}</desc>${new Html(drawing)}<g class="spots">${spots.map(spotShape)}</g></svg>`
}

/** An unseen shape, whose title browsers show to those who point at it. No script is needed. */
const spotShape = ({ x, y, width, height, text }: Spot) => {
  const [left, top, right, down] = [x, y, width, height].map((pixels) => Math.round(pixels * 10) / 10)
  return html`<path d="M${left} ${top}h${right}v${down}h-${right}z"><title>${text}</title></path>`
}

/** A spot around a point. */
export const around = ([x, y]: Point, radius: number, text: string): Spot => ({
  x: x - radius,
  y: y - radius,
  width: 2 * radius,
  height: 2 * radius,
  text,
})

export const axisText = { color: MUTED, fontSize: 11 }

/** What all axes look like. */
const AXIS = {
  axisLine: { lineStyle: { color: MUTED } },
  axisTick: { show: false, lineStyle: { color: MUTED } },
  splitLine: { lineStyle: { color: RULE } },
}

/** The title of an axis, in the middle beside its labels. */
export const axisTitle = (name: string, gap: number) =>
  ({ name, nameLocation: 'middle', nameGap: gap, nameTextStyle: axisText }) as const

/** An axis of names. */
export const nameAxis = (data: string[], label: object = {}) => ({
  ...AXIS,
  type: 'category' as const,
  data,
  splitLine: { show: false },
  axisLabel: { ...axisText, ...label },
})

/** An axis of numbers, with a label and a line across the picture at each of the ticks. */
export const numberAxis = (ticks: number[], text: (value: number) => string) => ({
  ...AXIS,
  type: 'value' as const,
  axisLine: { show: false },
  axisTick: { ...AXIS.axisTick, customValues: ticks },
  axisLabel: { ...axisText, customValues: ticks, formatter: text },
})
export const grid = (sides: object): ECharts.GridComponentOption => ({ outerBoundsMode: 'none', ...sides })

/** One after the other: a drawing is short, and many at once would only wait for each other. */
export async function inTurn<T, U>(items: T[], draw: (item: T) => Promise<U> | U): Promise<U[]> {
  const drawn: U[] = []
  for (const item of items) drawn.push(await draw(item))
  return drawn
}
