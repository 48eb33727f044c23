import type { Result, Verdict } from '../measure/result.ts'
import { isMeasured } from '../measure/result.ts'
import { ELSEWHERE, wrap } from './fit.ts'
import { painted, perReload } from './format.ts'
import type { Group } from './groups.ts'
import { lineless } from './lineless.ts'
import { type Field, MATRIX_LEGEND, matrix, type Row, said, type Track, tracks } from './matrix.ts'
import { plainInterval, STYLES } from './table.ts'

const GAP = 2
/** The longest bar, and what stands beside it: its number and interval. */
const [BAR, BESIDE] = [48, 24]

const MARKS: Record<Verdict, string> = { expected: '=', contradicts: '!', inconclusive: '', failed: 'x' }

/**
 * Kernels by cases for a terminal, plain ASCII: as many cases side by side as fit, more of them in further tables below.
 *
 * @param colour whether the stream is a terminal that wants colours
 * @param width of the tables, in characters
 */
export function matrixTable(result: Result, all: Group[], colour: boolean, width = ELSEWHERE): string {
  const { cases, rows } = matrix(result, all)
  const table = lineless(
    ['kernel', ...cases],
    rows.map(({ label, fields, reason }) => [
      label,
      ...(reason === undefined
        ? fields.map((field) =>
            fieldLines(field)
              .map((line) => coloured(colour, field, line))
              .join('\n'),
          )
        : ['not had']),
    ]),
    ['left', ...cases.map(() => 'left' as const)],
    width,
    GAP,
  )
  const legend = `= as expected, ! contradicts, ? inconclusive, x failed, ~ noisy, - not run.`
  const said = [...MATRIX_LEGEND, legend].flatMap((sentence) => wrap(sentence, width))
  return `Kernels and cases\n${said.join('\n')}\n\n${table}\n`
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
 * Resets, and apart from them refused connections, over the kernels as bars for a terminal: a block for each case that
 * lost any, one scale for all blocks. Nothing when none did.
 *
 * @param width in characters; more than 100 are not used
 */
export function kernelBars(result: Result, all: Group[], colour: boolean, width = 100): string {
  const { cases, rows } = matrix(result, all)
  const kinds = [
    ['resets', 'Resets a reload over the kernels'],
    ['refused', 'Refused connections a reload over the kernels'],
  ] as const
  return kinds
    .map(([kind, title]) => {
      const drawn = tracks(all, cases, kind)
      const end = Math.max(...drawn.flatMap(({ points }) => points.map((point) => point?.high ?? 0)))
      const texts = drawn.map((track) => caseBars(track, all, rows, end, colour, width))
      const heading = wrap(`${title} (\u2591: 95 % interval)`, width).join('\n')
      return drawn.length === 0 ? '' : `${heading}\n\n${texts.join('\n')}`
    })
    .filter((text) => text !== '')
    .join('\n')
}

function caseBars(
  { case: name, points }: Track,
  all: Group[],
  rows: Row[],
  end: number,
  colour: boolean,
  width: number,
): string {
  const labels = Math.max(...rows.map(({ label }) => label.length))
  const most = Math.max(8, Math.min(BAR, width - labels - BESIDE))
  const lines = rows.map((row) => {
    const i = all.findIndex(({ title }) => title === row.title && row.reason === undefined)
    const point = points[i]
    const text = point ? barOf(point, end, most) : row.reason === undefined ? '-' : 'could not be had'
    return `  ${row.label.padEnd(labels)}  ${text}`
  })
  return `${painted(colour, 'bold', name)}\n${lines.join('\n')}\n`
}

function barOf(point: NonNullable<Track['points'][number]>, end: number, most: number): string {
  const [mean, interval] = perReload({ ...point.cell, resetsPerReload: point })
  if (point.mean === 0) return `${mean} (${plainInterval(interval)})`
  const [low, high] = [point.low, point.high].map((value) => Math.round((value / end) * most)) as [number, number]
  const bar = `${'\u2588'.repeat(low)}${'\u2591'.repeat(Math.max(1, high - low))}`
  return `${bar.padEnd(most + 1)} ${mean} (${plainInterval(interval)})`
}
