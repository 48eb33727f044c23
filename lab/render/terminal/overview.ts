import type { Result, Verdict } from '../../model/result.ts'
import { isMeasured } from '../../model/result.ts'
import { flags } from '../facts/account.ts'
import { painted } from '../facts/format.ts'
import { type Group, settings, severalKernels } from '../facts/groups.ts'
import { type Field, MATRIX_LEGEND, matrix, type Point, type Row, said, type Track, tracks } from '../facts/matrix.ts'
import { lineless } from './columns.ts'
import { wrap } from './fit.ts'
import { plainInterval, STYLES, WIDTH } from './summary.ts'

const GAP = 2
/** The longest bar, where there is room for it, and what stands beside it: a kernel and its numbers. */
const BAR = 48
const BESIDE = 50

const MARKS: Record<Verdict, string> = { expected: '=', contradicts: '!', inconclusive: '', failed: 'x' }

/**
 * Kernels by cases for a terminal, plain ASCII: as many cases side by side as fit, the others in further tables below.
 *
 * @param colour whether the stream is a terminal that wants colours
 * @param width in columns
 */
export function matrixTable(result: Result, all: Group[], colour: boolean, width = WIDTH): string {
  const { cases, rows } = matrix(result, all)
  const texts = rows.map((row) => row.fields.map((field) => fieldLines(field)))
  const table = lineless(
    ['kernel', ...cases],
    rows.map((row, r) => [
      row.label,
      ...(row.reason === undefined
        ? texts[r]!.map((lines, i) => lines.map((line) => coloured(colour, row.fields[i], line)).join('\n'))
        : ['not had']),
    ]),
    ['left', ...cases.map(() => 'left' as const)],
    width,
    GAP,
  )
  const legend = '= expected, ! contradicts, ? inconclusive, x failed, ~ noisy or overloaded, - not run'
  const words = [...MATRIX_LEGEND, legend].flatMap((line) => wrap(line, width))
  return `Kernels and cases\n${words.join('\n')}\n\n${table}\n`
}

function fieldLines(field: Field): string[] {
  if (!field) return ['-']
  if ('skipped' in field) return ['- skipped']
  const { cell } = field
  if (!isMeasured(cell)) return ['x failed']
  const { main, detail, more } = said(cell)
  const mark = `${MARKS[cell.verdict]}${flags(cell).length > 0 ? '~' : ''}`
  const word = cell.verdict === 'expected' ? [] : [cell.verdict]
  return [mark ? `${main} ${mark}` : main, ...detail.map(plainInterval), ...more, ...word]
}

const coloured = (colour: boolean, field: Field, line: string) =>
  field && 'cell' in field && field.cell.verdict !== 'expected'
    ? painted(colour, STYLES[field.cell.verdict], line)
    : line

/**
 * Resets, and apart from them refused connections, over the kernels as bars for a terminal: for each load a block for each case
 * that lost any, one scale for all blocks of a load. Nothing when none did.
 *
 * @param colour whether the stream is a terminal that wants colours
 * @param width in columns; 100 are used at most
 */
export function kernelBars(result: Result, all: Group[], colour: boolean, width = WIDTH): string {
  const kinds = [
    ['resets', 'Resets a reload over the kernels'],
    ['refused', 'Refused connections a reload over the kernels'],
  ] as const
  const bar = Math.max(4, Math.min(BAR, width - BESIDE))
  return settings(all)
    .filter(({ groups }) => severalKernels(groups))
    .flatMap(({ label, groups }) => {
      const { cases, rows } = matrix(result, groups)
      return kinds.map(([kind, what]) => {
        const drawn = tracks(groups, cases, kind)
        const end = Math.max(...drawn.flatMap(({ points }) => points.map((point) => point?.high ?? 0)))
        const texts = drawn.map((track) => caseBars(track, groups, rows, { end, bar }, colour))
        const title = `${what}${label && `, ${label}`} (\u2591: 95 % interval)`
        return drawn.length === 0 ? '' : `${wrap(title, width).join('\n')}\n\n${texts.join('\n')}`
      })
    })
    .filter((text) => text !== '')
    .join('\n')
}

/** What the bars of all blocks have in common: the number at their end, and how long they can be. */
interface Bars {
  end: number
  bar: number
}

function caseBars({ case: name, points }: Track, all: Group[], rows: Row[], bars: Bars, colour: boolean): string {
  const width = Math.max(...rows.map(({ label }) => label.length))
  const lines = rows.map((row) => {
    const i = all.findIndex(({ title }) => title === row.title && row.reason === undefined)
    const point = points[i]
    const text = point ? barOf(point, bars) : row.reason === undefined ? '-' : 'could not be had'
    return `  ${row.label.padEnd(width)}  ${text}`
  })
  return `${painted(colour, 'bold', name)}\n${lines.join('\n')}\n`
}

function barOf({ mean, low, high, text, detail, cell }: Point, { end, bar }: Bars): string {
  const words = [plainInterval(detail), ...flags(cell).map(({ word }) => word)].join(', ')
  if (mean === 0) return `${text} (${words})`
  const [from, to] = [low, high].map((value) => Math.round((value / end) * bar)) as [number, number]
  const drawn = `${'\u2588'.repeat(from)}${'\u2591'.repeat(Math.max(1, to - from))}`
  return `${drawn.padEnd(bar + 1)} ${text} (${words})`
}
