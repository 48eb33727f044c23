import { sum } from 'simple-statistics'
import { list, whole } from '../../model/text/amounts.ts'
import { hostsText } from '../boots/host.ts'
import { differenceOf, type Estimate, isApart, type Spread, spreadOf } from '../boots/pairs.ts'
import { ended, failures, pairsOf, type Value, valuesOf } from '../boots/turns.ts'
import { estimateText, loadsText, madeText, spreadText, table } from '../record/text.ts'
import { costOf, hoursOn, type MatrixCost } from './matrix.ts'
import type { Asleep, ScaleRecord } from './record.ts'

const MACHINES = [1, 8, 64]

/** Milliseconds that each order took beside its sleep, and how many there would be in an hour. */
const ratesOf = ({ workers, orders, ms }: Asleep, sleep: number) => ({
  overhead: (ms * workers) / orders - sleep,
  anHour: (3.6e6 * orders) / ms,
})

const wall: Value = ({ seconds }) => seconds
const aside: Value = ({ seconds, told }) => seconds - told.took

/** The document of a record. A pure function. */
export function scaleDocument(record: ScaleRecord): string {
  const { made, hosts, sleep, asleep, cells, boots, matrix } = record
  const engines = hosts.map(({ side }) => side)
  const others = engines.flatMap((one, i) => engines.slice(i + 1).map((other) => [one, other] as const))
  /** Orders an hour of the row whose orders at a time are the nearest to so many machines, each of which has one. */
  const most = (machines: number) => {
    const away = ({ workers }: Asleep) => Math.abs(Math.log(workers / machines))
    return ratesOf(asleep.toSorted((a, b) => away(a) - away(b))[0]!, sleep).anHour
  }
  const failed = failures(boots)
  return `# What it costs to carry cells out

${madeText('scale', made)} ${hostsText(hosts)}.

## Scheduling alone

Orders that only sleep, for ${sleep} ms, on a Swarm; each is a service of its own. *Beside its sleep*: what an order takes of a worker's time beyond that. *Load*: the load average over a minute before it.

${table(
  ['at a time', 'orders', 'took', 'beside its sleep', 'orders an hour', 'load'],
  asleep.map((row) => {
    const { overhead, anHour } = ratesOf(row, sleep)
    const took = `${(row.ms / 1000).toFixed(1)} s`
    return [row.workers, whole(row.orders), took, `${whole(overhead)} ms`, whole(anHour), row.loadAverage[0].toFixed(2)]
  }),
)}

## A boot

Boots of 6.1, emulated, one at a time, the engines by turns. *Beside its guest*: what a boot takes of the wall clock before its guest is started and after it has ended. Medians, with the least and the most. The load average over a minute before each was ${loadsText(boots)}; much of that is what ran before it.

${table(
  ['engine', 'boots', 'a boot, s', 'its guest, s', 'beside its guest, s'],
  engines.map((engine) => [
    engine,
    valuesOf(boots, engine, wall).length,
    ...[wall, ({ told }: Parameters<Value>[0]) => told.took, aside].map((value) =>
      spreadText(spreadOf(valuesOf(boots, engine, value)), 2),
    ),
  ]),
)}

How many seconds longer a boot takes on one engine than on another: the mean over pairs of boots of one cell in one round, with its 95 % interval.

${table(
  ['', 'pairs', 'a boot', 'beside its guest'],
  others.map(([one, other]) => {
    const [boot, beside] = [
      differenceOf(pairsOf(boots, [one, other], wall)),
      differenceOf(pairsOf(boots, [one, other], aside)),
    ]
    return [`${other} less ${one}`, boot?.n ?? 0, differenceText(boot), differenceText(beside)]
  }),
)}

By cell: the median of a boot's seconds, and its reloads.

${table(
  ['cell', 'load', ...engines.flatMap((engine) => [`${engine}, s`, 'reloads'])],
  cells.map(({ name, users, rate }) => [
    `\`${name}\``,
    rate === null ? `${users} connections at a time` : `${whole(rate)} arrivals a second`,
    ...engines.flatMap((engine) => {
      const own = boots.filter(({ cell }) => cell === name)
      const median = (value: Value, digits: number) => spreadOf(valuesOf(own, engine, value))?.median.toFixed(digits)
      return [median(wall, 2) ?? '–', median(({ told }) => told.reloads, 0) ?? '–']
    }),
  ]),
)}

## The whole matrix

${matrix.kernels} kernels, all cases but variants, ${list(matrix.proxies.map(({ name, version }) => `${name} ${version}`))}, both loads, ${matrix.reloads} reloads a cell: at most ${whole(sum(matrix.proxies.map((one) => one.cells)))} cells. A sum over the boots above, and no measurement: under each load a cell of a proxy takes as many boots, and as long, as the sampled cells of that proxy and load do on average. Each machine carries one boot at a time, as one with two CPUs does. The times are the least that it can take: boots are divided evenly, which shards do only nearly, as cells that are compared stay on one machine. Other kernels, and other cases, take longer or shorter, and a control without reloads, which is counted as any cell, fewer boots; what a run prepares is left out. A Swarm's manager hands out no more orders an hour than the first table has, in the row nearest to the number of machines: ${list(MACHINES.map((machines) => `${whole(most(machines))} on ${machines}`))}. Medians of the rounds, with the least and the most.

${table(
  ['engine', 'rounds', 'boots', ...MACHINES.map((machines) => `on ${machines}, at least, h`)],
  engines.map((engine) => {
    const costs = costsOf(record, engine)
    const hours = (machines: number) =>
      spreadOf(costs.map((cost) => hoursOn(machines, cost, engine === 'swarm' ? most(machines) : undefined)))
    return [engine, costs.length, bootsText(costs), ...MACHINES.map((machines) => spreadText(hours(machines), 2))]
  }),
)}

${failed.length ? `## Failed\n\n${failed.join('\n')}` : 'No boot failed.'}`
}

/** What the matrix costs by the boots of each round that is whole. */
function costsOf({ cells, boots, matrix }: ScaleRecord, engine: string): MatrixCost[] {
  const all = ended(boots).filter(({ side }) => side === engine)
  return [...new Set(all.map(({ round }) => round))].flatMap((round) => {
    const sample = all
      .filter((boot) => boot.round === round)
      .map(({ cell, seconds, told }) => {
        const { proxy, load } = cells.find(({ name }) => name === cell)!
        return { proxy, load, seconds, reloads: told.reloads }
      })
    if (sample.length < cells.length) return []
    const cost = costOf(matrix.proxies, sample, matrix.reloads)
    return cost ? [cost] : []
  })
}

const bootsText = (costs: MatrixCost[]): string => {
  const spread: Spread | null = spreadOf(costs.map(({ boots }) => boots))
  return spread ? `${whole(spread.median)} (${whole(spread.least)} to ${whole(spread.most)})` : '–'
}

const differenceText = (difference: Estimate | null) =>
  `${estimateText(difference, 2)}${difference && isApart(difference, 0) ? '' : ', not told apart'}`
