import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { MeasuredCell, ResultCell } from '../../model/result.ts'
import { cellOf, closed } from '../fixtures/cell.ts'
import { KERNELS } from '../fixtures/results.ts'
import { experimentWords } from './experiment.ts'

const { lacks: _, ...on } = KERNELS[4]!
/** A cell of a case with some of its numbers. */
const cell = (name: string, more: Partial<MeasuredCell> = {}) =>
  ({ ...cellOf(name, { ...on, load: closed(80) }), ...more }) as ResultCell
const lossy = (label: string, resets: number, more: Partial<MeasuredCell> = {}) => ({
  label,
  cell: cell('none', {
    ...{ connections: 10_000, ok: 10_000 - resets, resets, injectErrs: 3, refused: 0, other: 0, verdict: 'expected' },
    ...more,
  }),
})
const spared = (label: string, more: Partial<MeasuredCell> = {}) => ({
  label,
  cell: cell('ebpf', { ...{ connections: 10_000, ok: 10_000, resets: 0, verdict: 'expected' }, ...more }),
})
const p99 = (ms: number) => ({ latencyMs: { p50: 1, p99: ms, p999: ms, max: ms } })

test('who lost connections, of a million, and who lost none, in how many exposed reloads', () => {
  const one = spared('steered')
  const [some, none, ...rest] = experimentWords([], [lossy('plain', 20), one, lossy('dropped', 150)])
  assert.is(some, 'Lost connections, of a million: `plain` 2,000; `dropped` 15,000')
  assert.match(none!, new RegExp(`^Lost none: \`steered\` in ${(one.cell as MeasuredCell).exposed} reloads \\(<`))
  assert.equal(rest, [])
})

test('what timed out is lost, too', () => {
  const [words] = experimentWords([], [spared('hung', { ok: 0, timeouts: 10_000 })])
  assert.is(words, 'Lost connections, of a million: `hung` 1,000,000')
})

test('what is in doubt, noisy or not measured answers nothing', () => {
  const words = experimentWords(
    ['p99 ms', 'errs'],
    [
      lossy('inconclusive', 20, { verdict: 'inconclusive' }),
      spared('noisy', { noisy: true, noise: ['it waited for a CPU 40 % of the time'] }),
      { label: 'skipped' },
      { label: 'dead', cell: { ...cell('none'), verdict: 'failed', consoleTail: [] } as unknown as ResultCell },
    ],
  )
  assert.equal(words, ['In doubt: `inconclusive`; `noisy`', 'No numbers: `skipped`; `dead`'])
})

test('where all is in doubt no names are needed', () => {
  assert.equal(experimentWords([], [lossy('plain', 20, { verdict: 'inconclusive' })]), ['In doubt: all of it'])
})

test('latencies only where they are asked for, with those of no reload', () => {
  const lines = [lossy('plain', 20, p99(5)), spared('held', p99(900)), spared('quiet', { ...p99(2), reloads: 0 })]
  const words = experimentWords(['p99 ms'], lines)
  assert.is(words.at(-1), 'p99 goes from 2.00\u00a0ms with `quiet` to 900\u00a0ms with `held`')
  assert.not.ok(words.some((one) => one.startsWith('Lost none') && one.includes('quiet')))
  assert.not.ok(experimentWords(['errs'], lines).some((one) => one.startsWith('p99')))
})

test('what the article’s tool would have shown of the resets', () => {
  const words = experimentWords(
    ['errs'],
    [lossy('plain', 20), lossy('dropped', 150, { injectErrs: 0 }), spared('steered')],
  )
  assert.is(
    words.at(-1),
    'Of the resets the article’s tool would have shown: 3 of 20 with `plain`; 0 of 150 with `dropped`',
  )
})

test.run()
