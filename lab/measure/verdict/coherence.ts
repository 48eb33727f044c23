import { sum } from 'simple-statistics'
import { half } from '../../model/load.ts'
import type { Measured } from '../../model/measured.ts'
import { shown, valueAt } from '../../model/mistakes.ts'
import { isMeasured, type MeasuredCell, type Result } from '../../model/result.ts'
import { resetsByBoot } from '../measure.ts'
import { disagreements } from '../numbers/reconcile.ts'
import { shareOver } from '../statistics/tests.ts'

/** What must hold of a field: its path, whether it holds, and what its value would have to be. */
type Rule = [field: string, holds: boolean, expected: string]

const close = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
const rising = (...values: number[]) => values.every((value, i) => i === 0 || values[i - 1]! <= value)

/**
 * What in the numbers of a cell cannot be, whatever was measured: a sentence each that names the field, the value and
 * what it would have to be. Empty when all fit together.
 */
export function numbersAmiss(cell: Measured): string[] {
  const boots = overBoots(cell)
  const parts = [accounts, byReload, causes, estimates].flatMap((rules) => rules(cell))
  // Without the boots nothing tells which reloads are whose.
  return broken(cell, [...boots, ...parts, ...(boots.every(([, holds]) => holds) ? exposures(cell) : [])])
}

/** The boots come to what the cell is. */
function overBoots({ byBoot, ...cell }: Measured): Rule[] {
  const totals = ['reloads', 'connections', 'resets', 'refused'] as const
  return [
    ['byBoot.length', byBoot.length > 0, 'at least one'],
    ...totals.map((of): Rule => {
      const total = sum(byBoot.map((boot) => boot[of]))
      return [of, cell[of] === total, `${total}, as its boots have it`]
    }),
    ['resetsByReload.length', cell.resetsByReload.length === cell.reloads, `${cell.reloads}, one entry a reload`],
  ]
}

function accounts({ ok, resets, refused, timeouts, short, other, ...cell }: Measured): Rule[] {
  const ends = [ok, resets, refused, timeouts, short, other]
  const [before, after] = [cell.resetsBeforeRequest, cell.resetsAfterRequest]
  return [
    ['connections', sum(ends) === cell.connections, `${ends.join(' + ')} = ${sum(ends)}, as they ended`],
    ['resets', before + after === resets, `${before} + ${after} = ${before + after}, before and after the request`],
    ['slow', cell.slow <= cell.connections, `at most the ${cell.connections} connections`],
  ]
}

function byReload({ reloads, resets, refused, resetsByReload, refusedByReload, ...cell }: Measured): Rule[] {
  const parts = Object.values(cell.resetsByPart)
  const [attributed, early] = [sum(resetsByReload), cell.resetsBeforeReloads]
  const all = `${resets} resets, with the ${early} before the first reload`
  return [
    ['resetsByReload', attributed + early === resets, `entries that make ${all}, not ${attributed + early}`],
    ['refusedByReload.length', refusedByReload.length === reloads, `${reloads}, one entry a reload`],
    ['refusedByReload', sum(refusedByReload) <= refused, `entries that make at most ${refused} refused`],
    ['resetsByPart', sum(parts) <= resets, `parts that make at most ${resets} resets`],
  ]
}

/** Where the guest told which reloads were exposed, the counts are those of the list. */
function exposures(cell: Measured): Rule[] {
  const { reloads, exposed, exposedByReload, resetsByReload, lossyReloads } = cell
  const lossy = resetsByReload.filter((count) => count > 0).length
  const share = shareOver(
    resetsByBoot(cell, 'exposed').map((resets) => ({
      hits: resets.filter((count) => count > 0).length,
      n: resets.length,
    })),
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
      `${JSON.stringify(share)}, of ${lossy} lossy ones in ${exposed ?? reloads}`,
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
      return [`causes.${cause}`, cell.causes[cause] === total, `${total}, as its boots have it`]
    }),
    ['wire.late', wire.late <= wire.unmatched, `at most the ${wire.unmatched} unmatched`],
    ['repliesByReload', (repliesByReload === null) === (replies === null), 'null as wire.active is, or neither'],
    ['repliesByReload', !repliesByReload || sum(repliesByReload) <= replies!, `entries that make at most ${replies}`],
  ]
}

function estimates({ reloads, resets, connections, resetsByReload, resetsPerReload, ...cell }: Measured): Rule[] {
  const { mean, low, high } = resetsPerReload
  const [really, million] = [reloads ? sum(resetsByReload) / reloads : 0, (resets * 1e6) / (connections || 1)]
  const { p50, p99, p999, max } = cell.latencyMs
  return [
    ['resetsPerReload.mean', close(mean, really), `${really}, the mean of resetsByReload`],
    ['resetsPerReload', rising(0, low, mean, high ?? Number.POSITIVE_INFINITY), 'an interval that holds its mean'],
    ['resetsPerMillion', close(cell.resetsPerMillion, million), `${million}, by resets and connections`],
    ['latencyMs', rising(0, p50, p99, p999, max), 'percentiles that rise to the largest'],
    [
      'capped',
      cell.capped === null || (cell.capped >= 0 && cell.capped <= 1),
      'a share of the reloads, or null without a ceiling',
    ],
    ['throughput', cell.throughput >= 0, 'no fewer than 0 connections a second'],
    ['reloadsPerSecond', cell.reloadsPerSecond >= 0, 'no fewer than 0 reloads a second'],
  ]
}

/** A name that leads nowhere but into the folder of its run. */
const isPlain = (name: string) => /^[\w.-]+$/.test(name) && !/^\.+$/.test(name)
const PLAIN = 'a plain name inside the folder of the run'

function provenances({ load, seed, boots, eachBoot, verdict }: Result['cells'][number]): Rule[] {
  return [
    [
      'load.rate',
      (load.rate === null) === (load.loop === 'closed'),
      'a rate in an open loop, and null in a closed one',
    ],
    [
      'load.rate',
      load.capacity === null || load.rate === half(load.capacity),
      `half of the capacity of ${load.capacity} connections a second`,
    ],
    ['load.users', load.users > 0, 'at least one'],
    ['seed', seed < 2 ** 32, 'a whole number below 4294967296'],
    ['boots', boots > 0, 'at least one'],
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

/** Verdicts that no theory can come to, by the counts alone. */
function verdicts(cell: MeasuredCell, { cases }: Result): Rule[] {
  const { control, commands } = cases.find(({ name }) => name === cell.case) ?? {}
  const still = control === 'negative' || !commands?.reload
  const { verdict, reloads, resets, reason } = cell
  const differ = disagreements(cell)
  const open = verdict === 'inconclusive'
  return [
    ['verdict', open || !differ.length, `inconclusive, as the counts disagree: ${differ.join('; ')}`],
    ['verdict', open || still || reloads > 0, 'inconclusive, as no reload was made'],
    [
      'verdict',
      verdict !== 'expected' || control !== 'negative' || resets === 0,
      'another: connections were reset without a reload',
    ],
    [
      'verdict',
      verdict !== 'expected' || control !== 'positive' || resets > 0,
      'another: the positive control lost nothing',
    ],
    ['reason', reason !== '', 'words'],
  ]
}

/**
 * What in a saved run cannot be: numbers that do not fit together, cells of kernels or cases that it does not know,
 * folders outside of it. A sentence each; empty when all is in order.
 */
export function amiss(result: Result): string[] {
  const kernels = result.kernels.map(({ kernel }) => kernel)
  const cases = result.cases.map(({ name }) => name)
  const cells = result.cells.flatMap((cell, i) => {
    const first = (same: (other: Result['cells'][number]) => boolean) => result.cells.findIndex(same) === i
    const found = [
      ...broken(cell, [
        ['kernel', kernels.includes(cell.kernel), `one of its kernels: ${kernels.join(', ')}`],
        ['case', cases.includes(cell.case), `one of its cases: ${cases.join(', ')}`],
        ['case', first((other) => identity(other) === identity(cell)), 'each case once a kernel, proxy and load'],
        ['folder', isPlain(cell.folder), PLAIN],
        ['folder', first((other) => other.folder === cell.folder), 'a folder of its own'],
        ...provenances(cell),
        ...(isMeasured(cell) ? verdicts(cell, result) : []),
      ]),
      ...(isMeasured(cell) ? numbersAmiss(cell) : []),
    ]
    return found.map((sentence) => `cells.${i} (${cell.case} under ${cell.load.name} on ${cell.kernel}): ${sentence}`)
  })
  const files = result.kernels.flatMap((of, i) =>
    broken(of, [['config.file', !of.config || isPlain(of.config.file), PLAIN]]).map(
      (sentence) => `kernels.${i}: ${sentence}`,
    ),
  )
  const skipped = result.skipped.flatMap((of, i) =>
    broken(of, [
      ['case', of.case === '*' || cases.includes(of.case), `* or one of its cases: ${cases.join(', ')}`],
    ]).map((sentence) => `skipped.${i}: ${sentence}`),
  )
  return [
    ...broken(result, [['started', !Number.isNaN(Date.parse(result.started)), 'a time']]),
    ...cells,
    ...files,
    ...skipped,
  ]
}

const identity = ({ kernel, case: of, proxy, load }: Result['cells'][number]) =>
  JSON.stringify([kernel, of, proxy, load.name])

function broken(of: object, rules: Rule[]): string[] {
  return rules.flatMap(([field, holds, expected]) =>
    holds ? [] : [`${field} ${shown(valueAt(of, field.split('.')))}: expected ${expected}`],
  )
}
