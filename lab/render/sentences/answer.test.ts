import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../model/result.ts'
import { lost } from '../facts/account.ts'
import { zero } from '../facts/format.ts'
import { capped, loadMap, manyTwoLoads, twoLoads } from '../fixtures/loads.ts'
import { changed, manyKernels, oneKernel, twoKernels } from '../fixtures/results.ts'
import { answer, headline } from './answer.ts'

const sentences = (result: Parameters<typeof answer>[0]) => answer(result).each.map(({ words }) => words)

test('every case is named in its group, with what became of it', () => {
  const result = oneKernel()
  const [words] = sentences(result) as [string[]]
  for (const cell of result.cells) {
    const about = words.find((sentence) => sentence.includes(`\`${cell.case}\``))
    assert.ok(about, cell.case)
    if (!isMeasured(cell)) assert.match(about!, 'No answer')
    else if (cell.reloads > 0)
      assert.ok(
        about!.startsWith(
          lost(cell) > 0 ? `\`${cell.case}\` lost connections: ` : `\`${cell.case}\` lost ${zero(cell)}`,
        ),
        about,
      )
  }
})

test('what failed or is inconclusive is never said to have lost none', () => {
  const result = twoKernels()
  for (const verdict of ['failed', 'inconclusive'] as const) {
    const cells = result.cells.map((cell) => ({ ...cell, verdict })) as typeof result.cells
    const said = [headline({ ...result, cells }), ...sentences({ ...result, cells }).flat()].join(' ')
    assert.not.match(said, 'lost 0')
    assert.match(said, 'No answer')
  }
})

test('nothing measured is nothing said', () => {
  assert.equal(answer({ ...oneKernel(), cells: [] }), {
    capped: [],
    whole: ['Nothing was measured.'],
    bySetting: [],
    each: [],
  })
})

test('what a case costs is relative to none; without it only the slow ones are known', () => {
  const result = oneKernel()
  const without = { ...result, cells: result.cells.filter((cell) => cell.case !== 'none') }
  assert.match(sentences(result).flat().join(' '), 'instead of')
  assert.not.match(sentences(without).flat().join(' '), /instead of|no measurable cost/)
})

test('a sentence names causes, exposure, and a cost that cannot be measured as what it is', () => {
  const words = sentences(twoKernels()).at(-1)!.join('\n')
  assert.match(words, /`none` lost connections: 9\.88 .*, 9\d\.\d\s% accept queue and \d\.\d+\s% SYN_RECV;/)
  assert.match(words, '`fd-passing` lost 0 in 64 exposed of 64 reloads (<4.57\u00a0%), with no measurable cost.')
  assert.match(words, '`ebpf` lost 0 in 64 exposed of 64 reloads (<4.57\u00a0%), at a price: a reload took 221 ms')
  assert.not.match(words, 'that shows')
  const lossy = changed(oneKernel(), 'syn-block', { ok: 9980, timeouts: 20 })
  assert.match(
    sentences(lossy)[0]!.join('\n'),
    '`syn-block` reset 0 in 14 exposed of 64 reloads (<19.3\u00a0%), but 20 timed',
  )
})

test('a noisy or overloaded cell leaves headline and comparisons, and it is said what it lost', () => {
  const noisy = { noisy: true, noise: ['its CPUs were taken by others 23 % of the time'] }
  const result = changed(oneKernel(), 'ack-block', noisy)
  const plain = 'A reload without a mitigation resets 9.88 connections; nothing is lost under'
  const clean = 'fd-passing, syn-block and syn-delay'
  assert.is(headline(oneKernel()), `${plain} ${clean}`)
  assert.is(headline(result), `${plain} ${clean}; 1 cell left out`)
  const lossy = changed(result, 'none', noisy)
  assert.match(headline(lossy), 'No answer: the cells that lost connections were noisy')
  const words = sentences(result)[0]!
  const about = words.filter((sentence) => sentence.includes('`ack-block`'))
  assert.equal(about, ['Left out of what is said and compared here: `ack-block` (noisy, 672 lost).'])
  const dead = sentences(changed(oneKernel(), 'none', noisy))[0]!.join('\n')
  assert.not.match(dead, /than `none`|distinguishable|instead of|no measurable cost|at a price/)
  const rate = { load: { ...oneKernel().cells[0]!.load, rate: 200_000 }, begunPerSecond: 24_112 }
  const all = { ...oneKernel(), cells: oneKernel().cells.map((cell) => ({ ...cell, ...rate })) as Result['cells'] }
  assert.is(headline(all), 'No answer: the cells that lost connections were noisy or overloaded')
  assert.match(sentences(all)[0]!.join('\n'), '`none` (overloaded, 632 lost)')
})

test('what was lost in a noisy cell is not counted as cured', () => {
  const noisy = { noisy: true, resets: 0, ok: 9999, timeouts: 1 }
  const result = changed(twoKernels(), 'fd-passing', noisy, '5.10')
  assert.match(headline(twoKernels()), 'nothing is lost under ebpf, fd-passing and syn-block')
  assert.match(headline(result), 'nothing is lost under ebpf and syn-block; 1 cell left out')
})

test('a zero that is open somewhere is none in the headline', () => {
  const open = changed(twoKernels(), 'ebpf', { verdict: 'inconclusive', reason: 'the counts disagree' }, '5.10')
  assert.match(headline(open), 'nothing is lost under fd-passing and syn-block')
  const unsure = { verdict: 'inconclusive' as const, reason: 'no sure difference' }
  const all = ['ebpf', 'fd-passing', 'syn-block'].reduce(
    (result, of) => changed(result, of, unsure, '5.10'),
    twoKernels(),
  )
  assert.match(
    headline(all),
    '; none was seen lost under ebpf, fd-passing, syn-block and syn-delay, not everywhere for sure',
  )
})

test('under two loads the headline has both, and a zero holds under both', () => {
  const both =
    "A reload without a mitigation resets 9.88 connections under the article's load and 3.13 under half of the capacity; "
  // syn-delay loses a few under half alone.
  assert.is(headline(twoLoads()), `${both}nothing is lost under ebpf, fd-passing and syn-block`)
  assert.match(
    headline(manyTwoLoads()),
    'From Linux 2.6.32 to 7.2: a reload without a mitigation resets up to 9.88 conn',
  )
  const still = twoLoads()
  const cells = still.cells.map((cell) =>
    cell.case === 'none' && cell.load.name === 'half' && isMeasured(cell)
      ? { ...cell, resets: 0, ok: cell.connections, resetsPerReload: { mean: 0, low: 0, high: null } }
      : cell,
  )
  assert.match(headline({ ...still, cells }), "resets 9.88 connections under the article's load and none under half of")
  assert.match(headline(loadMap(['2.6.12'])), /resets 0 to \d+ connections, by load and proxy; no cure: ack-block$/)
  assert.match(headline(manyKernels()), /resets up to [\d.]+ and refuses up to \d+ connections;/)
})

test('two proxies on one kernel are no kernels to compare', () => {
  const both = twoLoads()
  const cells = both.cells.flatMap((cell) => [cell, { ...cell, proxy: { ...cell.proxy, maxaccept: 64 } }])
  assert.equal(answer({ ...both, cells }).bySetting, [])
  // Of four settings the headline tells the range over all cells, the fewest under half.
  assert.match(headline({ ...both, cells }), 'resets 3.13 to 9.88 connections, by load and proxy')
  // Not the range of each setting's most.
  const few = cells.map((cell, i) =>
    cell.case === 'none' && isMeasured(cell) && i % 2
      ? { ...cell, kernel: '5.10.0', series: '5.10', resetsPerReload: { mean: 1.5, low: 1, high: 2 } }
      : cell,
  )
  assert.match(
    headline({ ...both, cells: [...cells, ...few.filter(({ series }) => series === '5.10')] }),
    'resets 1.50 to 9.88 conn',
  )
  assert.is(answer({ ...both, cells }).each.length, 4)
})

test('what is lost is told of both loads, prices of half alone', () => {
  const { each, bySetting } = answer(twoLoads())
  assert.equal(
    each.map(({ title }) => title),
    ['6.1.0-56-cloud-amd64 saturated', '6.1.0-56-cloud-amd64 half'],
  )
  assert.equal(bySetting, [])
  const [saturated, half] = each.map(({ words }) => words.join('\n')) as [string, string]
  assert.not.match(saturated, /at a price|no measurable cost/)
  assert.match(half, 'at a price: a reload took 221 ms')
  assert.match(half, 'no measurable cost')
  const across = answer(manyTwoLoads()).bySetting
  assert.equal(
    across.map(({ title }) => title),
    ['Under saturated', 'Under half'],
  )
  assert.not.match(across[0]!.words.join(), 'has a price')
  assert.match(across[1]!.words.join(), /`ebpf` has a price, on 2\.6\.32: /)
})

test('what is at the ceiling of its load is said first, with what lifts it, and compared with nothing', () => {
  assert.equal(answer(twoLoads()).capped, [])
  const { capped: said, each } = answer(capped())
  assert.match(said[0]!, 'At the ceiling of the load, users − maxaccept: `none` under users-20 (75.0\u00a0% of its rel')
  assert.match(said.join(' '), 'must not be compared')
  for (const option of ['--maxaccept 64', '--users', '--rate', 'half']) assert.match(said[2]!, option)
  const words = each[0]!.words.join('\n')
  assert.match(words, 'at the ceiling of the load, as `none` is: not compared')
  assert.not.match(words, /than `none`|distinguishable/)
  assert.match(headline(capped()), 'resets 14.0 connections (at the ceiling of the load);')
  const big = answer(loadMap()).capped.join(' ')
  assert.match(big, /\d+ of \d+ cells that lost connections, with 4, 20, 80, 200 and 400 connections: `none` in \d+/)
  assert.match(big, '--maxaccept 400')
})

test('many cells that are left out are counted by case, with what they lost', () => {
  const result = manyTwoLoads()
  const cells = result.cells.map((cell) => ({ ...cell, noisy: true })) as Result['cells']
  const words = answer({ ...result, cells }).bySetting[1]!.words.join('\n')
  assert.match(words, '`none` in 8 cells (noisy, 1,600 lost)')
  assert.match(words, '`ebpf` in 8 cells (noisy, 0 lost)')
})

test.run()
