import type { Result, Verdict } from '../measure/result.ts'
import { isMeasured } from '../measure/result.ts'
import { painted, perReload } from './format.ts'
import type { Group } from './groups.ts'
import { lineless } from './lineless.ts'
import { type Field, MATRIX_LEGEND, matrix, type Row, said, type Track, tracks } from './matrix.ts'
import { plainInterval, STYLES } from './table.ts'

const WIDTH = 120
const GAP = 2
const BAR = 48

const MARKS: Record<Verdict, string> = { expected: '=', contradicts: '!', inconclusive: '', failed: 'x' }

/**
 * Kernels by cases for a terminal, plain ASCII, at most 120 columns wide: seven cases side by side, more of them in
 * further tables below.
 *
 * @param colour whether the stream is a terminal that wants colours
 */
export function matrixTable(result: Result, all: Group[], colour: boolean): string {
  const { cases, rows } = matrix(result, all)
  const texts = rows.map((row) => row.fields.map((field) => fieldLines(field)))
  const label = Math.max('kernel'.length, ...rows.map((row) => row.label.length))
  const widths = cases.map((name, i) =>
    Math.max(name.length, ...texts.flatMap((fields) => (fields[i] ?? []).map((line) => line.length))),
  )
  const tables = blocks(widths, WIDTH - label).map((block) =>
    lineless(
      ['kernel', ...block.map((i) => cases[i]!)],
      rows.map((row, r) => [
        row.label,
        ...(row.reason === undefined
          ? block.map((i) => texts[r]![i]!.map((line) => coloured(colour, row.fields[i], line)).join('\n'))
          : ['not had']),
      ]),
      ['left', ...block.map(() => 'left' as const)],
      GAP,
    ),
  )
  const legend = `= as expected, ! contradicts, ? inconclusive, x failed, ~ noisy, - not run.`
  return `Kernels and cases\n${MATRIX_LEGEND.join('\n')}\n${legend}\n\n${tables.join('\n\n')}\n`
}

/** Which columns stand side by side, from left to right, when so much room is beside the labels. */
function blocks(widths: number[], room: number): number[][] {
  const all: number[][] = []
  let left = 0
  for (const [i, width] of widths.entries()) {
    if (all.length === 0 || left < width + GAP) {
      all.push([])
      left = room
    }
    all.at(-1)!.push(i)
    left -= width + GAP
  }
  return all
}

function fieldLines(field: Field): string[] {
  if (!field) return ['-']
  if ('skipped' in field) return ['- skipped']
  const { cell } = field
  if (!isMeasured(cell)) return ['x failed']
  const { main, interval, more } = said(cell)
  const mark = `${MARKS[cell.verdict]}${cell.noisy ? '~' : ''}`
  const word = cell.verdict === 'expected' || interval === cell.verdict ? [] : [cell.verdict]
  return [mark ? `${main} ${mark}` : main, plainInterval(interval), ...more, ...word]
}

const coloured = (colour: boolean, field: Field, line: string) =>
  field && 'cell' in field && field.cell.verdict !== 'expected'
    ? painted(colour, STYLES[field.cell.verdict], line)
    : line

/**
 * Resets, and apart from them refused connections, over the kernels as bars for a terminal, 100 columns wide: a block
 * for each case that lost any, one scale for all blocks. Nothing when none did.
 */
export function kernelBars(result: Result, all: Group[], colour: boolean): string {
  const { cases, rows } = matrix(result, all)
  const kinds = [
    ['resets', 'Resets a reload over the kernels'],
    ['refused', 'Refused connections a reload over the kernels'],
  ] as const
  return kinds
    .map(([kind, title]) => {
      const drawn = tracks(all, cases, kind)
      const end = Math.max(...drawn.flatMap(({ points }) => points.map((point) => point?.high ?? 0)))
      const texts = drawn.map((track) => caseBars(track, all, rows, end, colour))
      return drawn.length === 0 ? '' : `${title} (\u2591: 95 % interval)\n\n${texts.join('\n')}`
    })
    .filter((text) => text !== '')
    .join('\n')
}

function caseBars({ case: name, points }: Track, all: Group[], rows: Row[], end: number, colour: boolean): string {
  const width = Math.max(...rows.map(({ label }) => label.length))
  const lines = rows.map((row) => {
    const i = all.findIndex(({ title }) => title === row.title && row.reason === undefined)
    const point = points[i]
    const text = point ? barOf(point, end) : row.reason === undefined ? '-' : 'could not be had'
    return `  ${row.label.padEnd(width)}  ${text}`
  })
  return `${painted(colour, 'bold', name)}\n${lines.join('\n')}\n`
}

function barOf(point: NonNullable<Track['points'][number]>, end: number): string {
  const [mean, interval] = perReload({ ...point.cell, resetsPerReload: point })
  if (point.mean === 0) return `${mean} (${plainInterval(interval)})`
  const [low, high] = [point.low, point.high].map((value) => Math.round((value / end) * BAR)) as [number, number]
  const bar = `${'\u2588'.repeat(low)}${'\u2591'.repeat(Math.max(1, high - low))}`
  return `${bar.padEnd(BAR + 1)} ${mean} (${plainInterval(interval)})`
}
