import { quantile } from 'simple-statistics'
import { whole } from '../../model/text/amounts.ts'
import { differenceOf, type Estimate, isApart, type Pair, ratioOf, spreadOf } from '../boots/pairs.ts'
import { ended, failures, pairsOf, type Value, valuesOf } from '../boots/turns.ts'
import { estimateText, loadsText, madeText, qemuVersion, spreadText, table } from '../record/text.ts'
import { type QemuRecord, SIDES } from './record.ts'

/** What a boot with load tells of a QEMU. */
const MEASURES: { what: string; digits: number; value: Value }[] = [
  { what: 'answers a second', digits: 0, value: ({ told }) => told.perSecond },
  { what: 'p99, ms', digits: 1, value: ({ told }) => told.p99 },
]

/** The document of a record. A pure function. */
export function qemuDocument({ made, versions, starts, boots }: QemuRecord): string {
  const named = { A: `A, ${qemuVersion(versions.A)}`, B: `B, ${qemuVersion(versions.B)}` }
  const cells = [...new Set(boots.map(({ cell }) => cell))]
  const failed = [
    ...starts.flatMap(({ side, round, told }) =>
      'failed' in told ? [`- ${side}, start ${round}: ${told.failed}`] : [],
    ),
    ...failures(boots),
  ]
  return `# Two versions of QEMU

${madeText('qemu', made)} A: ${versions.A}. B: ${versions.B}. Both emulate (TCG). They took turns, A B B A, so that what drifts meets both alike.

## Boots

From the start of QEMU to the first event of a guest of 6.1 that ends right behind it. The load average over a minute before each was ${loadsText(starts)}.

${table(
  ['QEMU', 'boots', 'started again', 'failed', 'least', 'first quarter', 'median', 'third quarter', 'most'],
  SIDES.map((side) =>
    startsRow(
      named[side],
      starts.filter((one) => one.side === side),
    ),
  ),
)}

B takes ${estimateText(differenceOf(startPairs(starts)), 0)} ms longer (mean of ${startPairs(starts).length} pairs, with its 95 % interval): ${verdict(differenceOf(startPairs(starts)), 0, ['B boots faster', 'B boots slower'])}.

## Load

Boots of 6.1 with 80 connections at a time, with each QEMU by turns. Medians, with the least and the most. The load average over a minute before each was ${loadsText(boots)}.

${table(
  ['cell', 'QEMU', 'boots', ...MEASURES.map(({ what }) => what), 'reloads at the ceiling'],
  cells.flatMap((cell) =>
    SIDES.map((side) => {
      const of = boots.filter((boot) => boot.cell === cell)
      const text = (value: Value, digits: number) => spreadText(spreadOf(valuesOf(of, side, value)), digits)
      const count = ended(of).filter((boot) => boot.side === side).length
      const capped = text(({ told }) => (told.capped === null ? null : 100 * told.capped), 0)
      return [
        `\`${cell}\``,
        named[side],
        count,
        ...MEASURES.map((one) => text(one.value, one.digits)),
        capped === '–' ? capped : `${capped} %`,
      ]
    }),
  ),
)}

How many times as much it is with B as with A: the geometric mean over pairs, with its 95 % interval.

${table(
  ['cell', 'pairs', ...MEASURES.map(({ what }) => what), 'so'],
  [...cells, null].map((cell) => {
    const of = boots.filter((boot) => cell === null || boot.cell === cell)
    const ratios = MEASURES.map(({ value }) => ratioOf(pairsOf(of, SIDES, value)))
    const so = verdict(ratios[0]!, 1, ['B carries less', 'B carries more'])
    return [
      cell === null ? 'all' : `\`${cell}\``,
      ratios[0]?.n ?? 0,
      ...ratios.map((ratio) => estimateText(ratio, 3)),
      so,
    ]
  }),
)}

${failed.length ? `## Failed\n\n${failed.join('\n')}` : 'No boot failed.'}`
}

const NOTHING = 'these runs do not tell them apart'

function verdict(estimate: Estimate | null, alike: number, [below, above]: [string, string]): string {
  if (!estimate || !isApart(estimate, alike)) return NOTHING
  return estimate.mean < alike ? below : above
}

type Starts = QemuRecord['starts']

const msOf = ({ told }: Starts[number]) => ('failed' in told ? [] : [told.ms])

function startsRow(name: string, starts: Starts): (string | number)[] {
  const times = starts.flatMap(msOf)
  const again = starts.filter(({ told }) => !('failed' in told) && told.starts > 1).length
  const quarters = times.length ? [0, 0.25, 0.5, 0.75, 1].map((part) => `${whole(quantile(times, part))} ms`) : []
  return [name, starts.length, again, starts.length - times.length, ...quarters]
}

/** What each round's two starts took. */
const startPairs = (starts: Starts): Pair[] =>
  starts
    .filter(({ side }) => side === 'A')
    .flatMap((one) => {
      const other = starts.find(({ side, round }) => side === 'B' && round === one.round)
      const [a, b] = [msOf(one), other ? msOf(other) : []]
      return a.length && b.length ? [[a[0]!, b[0]!] as const] : []
    })
