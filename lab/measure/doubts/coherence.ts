import { sum } from 'simple-statistics'
import { rateOf, shareNamed } from '../../model/case/load.ts'
import type { Measured } from '../../model/result/measured.ts'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { shown, valueAt } from '../../model/text/mistakes.ts'
import { resetsByBoot } from '../measure.ts'
import { disagreements } from '../numbers/account/reconcile.ts'
import { levelAfter } from '../statistics/looks.ts'
import { shareOver } from '../statistics/share.ts'

/** A rule for a field: its path, whether it holds, and what the value would have to be. */
type Rule = [field: string, holds: boolean, expected: string]

const close = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
const rising = (...values: number[]) => values.every((value, i) => i === 0 || values[i - 1]! <= value)

/**
 * Checks that the numbers of a cell fit together.
 *
 * @returns a sentence for each contradiction, with the field, its value and what it would have to be
 */
function contradictoryNumbers(cell: Measured): string[] {
  const boots = overBoots(cell)
  const parts = [accounts, byReload, causes, keptOnes, estimates].flatMap((rules) => rules(cell))
  // Only boots that add up tell which reloads belong to which boot.
  return broken(cell, [...boots, ...parts, ...(boots.every(([, holds]) => holds) ? exposures(cell) : [])])
}

/** The boots add up to the cell. */
function overBoots({ byBoot, ...cell }: Measured): Rule[] {
  const totals = ['reloads', 'connections', 'resets', 'refused'] as const
  return [
    ['byBoot.length', byBoot.length > 0, 'at least one'],
    ...totals.map((count): Rule => {
      const total = sum(byBoot.map((boot) => boot[count]))
      return [count, cell[count] === total, `${total}, the sum of its boots`]
    }),
    ['resetsByReload.length', cell.resetsByReload.length === cell.reloads, `${cell.reloads}, one entry a reload`],
  ]
}

function accounts({ ok, resets, refused, timeouts, short, other, ...cell }: Measured): Rule[] {
  const ends = [ok, resets, refused, timeouts, short, other]
  const [before, after] = [cell.resetsBeforeRequest, cell.resetsAfterRequest]
  return [
    ['connections', sum(ends) === cell.connections, `${ends.join(' + ')} = ${sum(ends)}, the sum of how they ended`],
    ['resets', before + after === resets, `${before} + ${after} = ${before + after}, before and after the request`],
    ['slow', cell.slow <= cell.connections, `at most the ${cell.connections} connections`],
  ]
}

function byReload({ reloads, resets, refused, resetsByReload, refusedByReload, ...cell }: Measured): Rule[] {
  const parts = Object.values(cell.resetsByPart)
  const [attributed, early] = [sum(resetsByReload), cell.resetsBeforeReloads]
  const all = `${resets} resets, ${early} of them before the first reload`
  return [
    ['resetsByReload', attributed + early === resets, `entries that add up to ${all}, not to ${attributed + early}`],
    ['refusedByReload.length', refusedByReload.length === reloads, `${reloads}, one entry a reload`],
    ['refusedByReload', sum(refusedByReload) <= refused, `entries that add up to at most ${refused} refused`],
    ['resetsByPart', sum(parts) <= resets, `parts that add up to at most ${resets} resets`],
  ]
}

/** The counts of exposed and lossy reloads are those of the list of reloads. */
function exposures(cell: Measured): Rule[] {
  const { reloads, exposed, exposedByReload, resetsByReload, lossyReloads } = cell
  const lossy = resetsByReload.filter((count) => count > 0).length
  const share = shareOver(
    resetsByBoot(cell, 'exposed').map((resets) => ({
      hits: resets.filter((count) => count > 0).length,
      n: resets.length,
    })),
    cell.level,
  )
  return [
    ['exposed', (exposed === null) === (exposedByReload === null), 'null as exposedByReload is, or neither'],
    [
      'exposedByReload',
      !exposedByReload || (exposedByReload.length === reloads && exposedByReload.filter(Boolean).length === exposed),
      `${reloads} entries, ${exposed} of them true`,
    ],
    [
      'exposedByReload',
      !exposedByReload?.some((met, i) => !met && resetsByReload[i]! > 0),
      'true for each reload that lost a connection',
    ],
    [
      'lossyReloads',
      (['share', 'low', 'high'] as const).every((end) => close(lossyReloads[end], share[end])),
      `${JSON.stringify(share)}, from ${lossy} lossy reloads of ${exposed ?? reloads}`,
    ],
  ]
}

function causes({ wire, repliesByReload, byBoot, ...cell }: Measured): Rule[] {
  const replies = wire.active === null ? null : wire.resets - wire.active
  return [
    ...byBoot.map(({ resets, causes }, i): Rule => {
      const left = Math.abs(resets - causes.acceptQueue - causes.synRecv - causes.completing - causes.closed)
      return [`byBoot.${i}.causes`, left === causes.unexplained, `causes that leave ${left} unexplained`]
    }),
    ...(Object.keys(cell.causes) as (keyof typeof cell.causes)[]).map((cause): Rule => {
      const total = sum(byBoot.map((boot) => boot.causes[cause]))
      return [`causes.${cause}`, cell.causes[cause] === total, `${total}, the sum of its boots`]
    }),
    ['wire.late', wire.late <= wire.unmatched, `at most the ${wire.unmatched} unmatched`],
    ['repliesByReload', (repliesByReload === null) === (replies === null), 'null as wire.active is, or neither'],
    [
      'repliesByReload',
      !repliesByReload || sum(repliesByReload) <= replies!,
      `entries that add up to at most ${replies}`,
    ],
  ]
}

/** What became of kept connections is part of what became of all. */
function keptOnes({ kept, resets, short, reloads, connections }: Measured): Rule[] {
  if (!kept) return []
  const { requests, answers, posts, resetsByReload } = kept
  return [
    ['kept.resets', kept.resets <= resets, `at most the ${resets} resets`],
    ['kept.resetPosts', kept.resetPosts + kept.resetIdle <= kept.resets, `with the idle ones at most ${kept.resets}`],
    ['kept.shorts', kept.shorts <= short, `at most the ${short} cut short`],
    ['kept.answers', answers <= requests, `at most the ${requests} requests`],
    ['kept.posts', Math.abs(2 * posts - requests) <= connections, `half of the ${requests} requests`],
    ['kept.resetsByReload.length', resetsByReload.length === reloads, `${reloads}, one entry a reload`],
    ['kept.resetsByReload', sum(resetsByReload) <= kept.resets, `entries that add up to at most ${kept.resets}`],
  ]
}

function estimates({ reloads, resets, connections, resetsByReload, resetsPerReload, ...cell }: Measured): Rule[] {
  const { mean, low, high } = resetsPerReload
  const [meanByReload, perMillion] = [reloads ? sum(resetsByReload) / reloads : 0, (resets * 1e6) / (connections || 1)]
  const { p50, p99, p999, max } = cell.latencyMs
  return [
    ['resetsPerReload.mean', close(mean, meanByReload), `${meanByReload}, the mean of resetsByReload`],
    ['resetsPerReload', rising(0, low, mean, high ?? Number.POSITIVE_INFINITY), 'an interval that holds its mean'],
    ['resetsPerMillion', close(cell.resetsPerMillion, perMillion), `${perMillion}, from resets and connections`],
    ['latencyMs', rising(0, p50, p99, p999, max), 'percentiles that rise up to the maximum'],
    [
      'capped',
      cell.capped === null || (cell.capped >= 0 && cell.capped <= 1),
      'a share of the reloads, or null without a ceiling',
    ],
    ['throughput', cell.throughput >= 0, 'at least 0 connections a second'],
    ['reloadsPerSecond', cell.reloadsPerSecond >= 0, 'at least 0 reloads a second'],
  ]
}

/** Whether a name stays inside the folder of its run. */
const isPlain = (name: string) => /^[\w.-]+$/.test(name) && !/^\.+$/.test(name)
const PLAIN = 'a plain name inside the folder of the run'

function provenances(cell: Result['cells'][number]): Rule[] {
  const { load, seed, boots, mostBoots, decidedAfter, eachBoot, verdict } = cell
  const level = levelAfter(Math.min(boots, mostBoots ?? boots), mostBoots)
  const share = shareNamed(load.name)
  return [
    ['load.rate', (load.rate === null) === (load.loop === 'closed'), 'a rate in an open loop, null in a closed one'],
    [
      'load.rate',
      load.capacity === null || (share !== null && load.rate === rateOf(share, load.capacity)),
      `the share of the capacity of ${load.capacity} connections a second that its name says`,
    ],
    ['load.users', load.users > 0, 'at least one'],
    ['seed', seed < 2 ** 32, 'a whole number below 4294967296'],
    ['boots', boots > 0, 'at least one'],
    ['boots', mostBoots === null || boots <= mostBoots, `at most the ${mostBoots} that the cell could have`],
    ['decidedAfter', (decidedAfter ?? 0) <= boots, `one of the ${boots} boots`],
    ['level', !isMeasured(cell) || close(cell.level, level), `${level}, after ${boots} boots`],
    [
      'eachBoot.length',
      verdict === 'failed' ? eachBoot.length <= boots : eachBoot.length === boots,
      `${boots}, one entry a boot`,
    ],
    ...eachBoot.flatMap(({ waited, folder }, i): Rule[] => [
      [`eachBoot.${i}.waited`, waited === null || waited >= 0, 'a share of the time'],
      [`eachBoot.${i}.folder`, isPlain(folder), PLAIN],
    ]),
  ]
}

/** Verdicts that the counts alone rule out, whatever the theory. */
function verdicts(cell: MeasuredCell, { cases }: Result): Rule[] {
  const { control, commands } = cases.find(({ name }) => name === cell.case) ?? {}
  const noReload = control === 'negative' || !commands?.reload
  const { verdict, reloads, resets, reason } = cell
  const differ = disagreements(cell)
  const open = verdict === 'inconclusive'
  return [
    ['verdict', open || !differ.length, `inconclusive, as the counts disagree: ${differ.join('; ')}`],
    ['verdict', open || noReload || reloads > 0, 'inconclusive, as no reload was made'],
    [
      'verdict',
      verdict !== 'expected' || control !== 'negative' || resets === 0,
      'another verdict, as connections were reset without a reload',
    ],
    [
      'verdict',
      verdict !== 'expected' || control !== 'positive' || resets > 0,
      'another verdict, as the positive control lost nothing',
    ],
    ['reason', reason !== '', 'text'],
  ]
}

/**
 * Checks a saved run: numbers that fit together, no cell of a kernel or case that the run does not know, no folder outside
 * of it.
 *
 * @returns a sentence for each contradiction; empty when the run is coherent
 */
export function contradictions(result: Result): string[] {
  const kernels = result.kernels.map(({ kernel }) => kernel)
  const cases = result.cases.map(({ name }) => name)
  const cells = result.cells.flatMap((cell, i) => {
    const first = (same: (other: Result['cells'][number]) => boolean) => result.cells.findIndex(same) === i
    const found = [
      ...broken(cell, [
        ['kernel', kernels.includes(cell.kernel), `one of its kernels: ${kernels.join(', ')}`],
        ['case', cases.includes(cell.case), `one of its cases: ${cases.join(', ')}`],
        ['case', first((other) => identity(other) === identity(cell)), 'each case once for a kernel, proxy and load'],
        ['folder', isPlain(cell.folder), PLAIN],
        ['folder', first((other) => other.folder === cell.folder), 'a folder of its own'],
        ...provenances(cell),
        ...(isMeasured(cell) ? verdicts(cell, result) : []),
      ]),
      ...(isMeasured(cell) ? contradictoryNumbers(cell) : []),
    ]
    return found.map((sentence) => `cells.${i} (${cell.case} under ${cell.load.name} on ${cell.kernel}): ${sentence}`)
  })
  const files = result.kernels.flatMap((kernel, i) =>
    broken(kernel, [['config.file', !kernel.config || isPlain(kernel.config.file), PLAIN]]).map(
      (sentence) => `kernels.${i}: ${sentence}`,
    ),
  )
  const skipped = result.skipped.flatMap((entry, i) =>
    broken(entry, [
      ['case', entry.case === '*' || cases.includes(entry.case), `* or one of its cases: ${cases.join(', ')}`],
    ]).map((sentence) => `skipped.${i}: ${sentence}`),
  )
  return [
    ...broken(result, [['started', !Number.isNaN(Date.parse(result.started)), 'a time']]),
    ...cells,
    ...files,
    ...skipped,
  ]
}

const identity = ({ kernel, case: name, proxy, load }: Result['cells'][number]) =>
  JSON.stringify([kernel, name, proxy, load.name])

/** A sentence for each rule that does not hold for a value. */
const broken = (value: object, rules: Rule[]): string[] =>
  rules.flatMap(([field, holds, expected]) =>
    holds ? [] : [`${field} ${shown(valueAt(value, field.split('.')))}: expected ${expected}`],
  )
