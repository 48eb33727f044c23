import { counted, whole } from '../../model/text/amounts.ts'
import type { BenchBoot } from '../boots/boot.ts'
import { hostsText } from '../boots/host.ts'
import { differenceOf, type Estimate, isApart, type Pair, ratioOf, spreadOf } from '../boots/pairs.ts'
import { failures, pairsOf, type Value, valuesOf } from '../boots/turns.ts'
import { estimateText, loadsText, madeText, spreadText, table } from '../record/text.ts'
import type { EnginesRecord } from './record.ts'

interface Measure {
  what: string
  digits: number
  value: Value
  /** Where it may be 0, sides are compared by their difference; else by their ratio. */
  compared: { by: (pairs: Pair[]) => Estimate | null; alike: number; digits: number }
}

const DIFFERENCE = { by: differenceOf, alike: 0, digits: 2 }
const RATIO = { by: ratioOf, alike: 1, digits: 3 }

const MEASURES: Measure[] = [
  {
    what: 'resets a reload',
    digits: 2,
    value: ({ told }) => (told.reloads ? told.resets / told.reloads : null),
    compared: DIFFERENCE,
  },
  { what: 'answers a second', digits: 0, value: ({ told }) => told.perSecond, compared: RATIO },
  { what: 'p99, ms', digits: 1, value: ({ told }) => told.p99, compared: RATIO },
]

/** The document of a record. A pure function. */
export function enginesDocument({ made, hosts, boots }: EnginesRecord): string {
  const engines = hosts.map(({ side }) => side)
  const cells = [...new Set(boots.map(({ cell }) => cell))]
  const sides = engines.flatMap((one, i) => engines.slice(i + 1).map((other) => [one, other] as const))
  const compared = cells.flatMap((cell) =>
    comparisons(
      boots.filter((boot) => boot.cell === cell),
      cell,
      sides,
    ),
  )
  const known = compared
    .flatMap(({ estimates }) => estimates)
    .filter((one) => one !== null && one.estimate.low !== null)
  const apart = known.filter((one) => one!.apart)
  const failed = failures(boots)
  return `# The same cells on each engine

${madeText('engines', made)} ${hostsText(hosts)}. What differs between \`local\` and the others is also QEMU, where their versions are not the same.

Boots of 6.1, emulated, one at a time, the engines by turns on one machine. Medians, with the least and the most of the boots. *Waited*: the most of its time that a guest waited for its CPUs. The load average over a minute before each was ${loadsText(boots)}; much of that is what ran before it.

${table(
  ['cell', 'engine', 'boots', ...MEASURES.map(({ what }) => what), 'reloads at the ceiling', 'waited'],
  cells.flatMap((cell) => engines.map((engine) => rowOf(cell, engine, boots))),
)}

## Do engines differ?

Means over pairs of boots of one round, with their 95 % intervals: of resets a reload the difference, of the rest how many times as much it is. **Bold** where the interval leaves out that they are alike.

${table(
  ['cell', 'measure', ...sides.map(([one, other]) => `${other} beside ${one}`)],
  compared.map(({ cell, measure: { what, compared }, estimates }) => [
    `\`${cell}\``,
    what,
    ...estimates.map((one) => {
      const text = estimateText(one?.estimate ?? null, compared.digits)
      return one?.apart ? `**${text}**` : text
    }),
  ]),
)}

${counted(apart.length, 'interval')} of ${known.length} ${apart.length === 1 ? 'leaves' : 'leave'} out that the engines are alike. If they were, ${(0.05 * known.length).toFixed(1)} would on average: each misses 5 % of the time, whatever the others show.

${failed.length ? `## Failed\n\n${failed.join('\n')}` : 'No boot failed.'}`
}

function rowOf(cell: string, engine: string, boots: BenchBoot[]): (string | number)[] {
  const own = boots.filter((boot) => boot.cell === cell)
  const spread = (value: Value) => spreadOf(valuesOf(own, engine, value))
  const percent = (value: Value) => {
    const most = spread(value)?.most
    return most === undefined ? '–' : `${(100 * most).toFixed(1)} %`
  }
  return [
    `\`${cell}\``,
    engine,
    whole(valuesOf(own, engine, () => 1).length),
    ...MEASURES.map(({ value, digits }) => spreadText(spread(value), digits)),
    percent(({ told }) => told.capped),
    percent(({ told }) => told.waited),
  ]
}

/** What of a cell can be compared, a row each. A difference that is 0 throughout tells that both lose none. */
const comparisons = (boots: BenchBoot[], cell: string, sides: (readonly [string, string])[]) =>
  MEASURES.map((measure) => ({
    cell,
    measure,
    estimates: sides.map((pair) => {
      const { by, alike } = measure.compared
      const estimate = by(pairsOf(boots, pair, measure.value))
      return estimate && { estimate, apart: isApart(estimate, alike) }
    }),
  })).filter(({ estimates }) => estimates.some((one) => one !== null))
