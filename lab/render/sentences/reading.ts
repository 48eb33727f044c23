import { BUSY } from '../../measure/numbers/limit.ts'
import { isMeasured } from '../../model/result.ts'
import { counted } from '../../model/text/amounts.ts'
import { percent } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import type { Words } from './words.ts'

const UNTIL_SURE =
  'This run looked at its cells after each boot and gave them no more once their verdicts were decided. The level of a look is what p must be below; the levels of all looks that there might have been come to 5 % (the error spending of Lan and DeMets). Intervals have the same level, so that they hold in 95 % of all runs however early these stop. The bound behind a zero needs none of that: looking again does not make zeros.'

/** How to read a report, a paragraph each; loads and ceilings are explained only where this one has them. */
export function howToRead(all: Group[]): Words[] {
  const loads = all.map(({ load }) => load)
  const saturated = loads.find(({ name }) => name === 'saturated')
  const closed = loads.some(({ loop }) => loop === 'closed')
  const half = loads.some(({ name }) => name === 'half')
  const capped = all.some(({ cells }) => cells.some((cell) => isMeasured(cell) && cell.capped !== null))
  return [
    'A reset is a connection that the server side answered with RST after the client had begun it, counted once however many RSTs it drew. Refused is a SYN answered with RST. Every connection that is not ok is lost.',
    'Resets cluster by reload and by boot, so the 95 % intervals are over reloads and boots (gamma intervals of Fay and Feuer; shares: exact, by Clopper and Pearson), not over connections. Each cell is measured in several boots, since boots differ; their means stand side by side.',
    ...(all.some(({ cells }) => cells.some(({ mostBoots }) => mostBoots !== null)) ? [UNTIL_SURE] : []),
    'A reload is `exposed` when the server side held a connection during it, or when it lost one; the others had nothing to lose. Where nothing was reset, `<19 %` is the upper 95 % bound on the share of exposed reloads that lose anything. It bounds no number of resets.',
    'Causes are known from the counters of the guest’s kernel, the same from 2.6.32 on. `accept queue`: the connection was established at both ends, so both count its reset: EstabResets − resets.',
    '`SYN_RECV`: the connection never became a socket of the server: ActiveOpens − PassiveOpens − refused − unanswered.',
    '`completing`: the connection became a socket while the listener was closing, and was reset before it was established. The counters leave it over, and its RST carries a sequence number of its own, which a RST in reply to a segment does not.',
    '`closed by the proxy`: the proxy had accepted the connection, and closed it before its request was read: TCPAbortOnClose and TCPAbortOnData. `unexplained` is what is then left.',
    'The charts by reload use the header of each RST instead: it shows whether a socket sent it of its own accord (accept queue, completing) or in reply to a segment that no socket knew or wanted (SYN_RECV, closed by the proxy).',
    '`inject` is the tool of the article. It takes a reset that comes after the request was sent for a hit, so its `errs` fall when resets only come later. Compare them with the strict count in the same row.',
    'The price is that of connections which began while reloads were made. One that timed out is in the percentiles, as slow as it waited. A price is named from twice the slow connections, half again the p50 or p99, a quarter fewer connections a second, or a quarter longer reloads than under `none`. `no measurable cost` is said only where nothing differs by half of that.',
    ...(all.some(({ base, priceBase }) => priceBase !== base)
      ? [
          'Where `none` refuses connections it is an outage, which also slows those that come meanwhile. There a price is told against `no-reload`, and how long a reload takes is told as it is.',
        ]
      : []),
    'p is the probability of a difference at least this large if the case made none (the larger of two: a permutation test over the exposed reloads, and a moderated t test over the boots). It is not corrected for the number of comparisons.',
    'Verdicts: `expected` as theory says; `contradicts` it, or costs what the case does not declare; `inconclusive` when the counts disagree, a case did not prove that it acted or the controls did not work, so that even a zero says nothing; `failed` when the cell did not end well and has no numbers at all; `skipped` when this kernel cannot run the case.',
    '`noisy` and `overloaded` are no verdicts: something else slowed the cell, or arrivals did not begin when they were due. That changes counts too, so such a cell keeps its row, but is in no headline, comparison or price.',
    `A load is \`limited by\` the rate that was asked for; by the proxy or the generator where its CPU was busy for at least ${percent(BUSY)} of the time; or by its users, where the clients waited.`,
    ...(loads.some(({ exchange }) => exchange.kind === 'keep-alive')
      ? [
          'Kept connections carry one request after another. Each counts once, as lost if it was reset or closed with a request under way; one that the server closes while it pauses, and whose client notices that before it asks again, is ok. Its latency is that of its slowest answer, and connections a second are answers a second.',
        ]
      : []),
    ...(loads.some(({ exchange }) => exchange.kind === 'banner')
      ? [
          'Where the server speaks first, the client sends its line only after the greeting: before the request means before that line.',
        ]
      : []),
    ...(saturated
      ? [
          `\`saturated\` is the article’s load, a closed loop of ${counted(saturated.users, 'connection')} at a time, which asks for all that the proxy can serve.`,
        ]
      : []),
    ...(half
      ? [
          '`half` is an operator’s load, an open loop at half of what the kernel and proxy carry without reloads. Prices are reported for this load.',
        ]
      : []),
    ...(saturated && half
      ? [
          'The loads disagree about a case when it loses under one alone, or is sure to differ from `none` (p < 0.05) under one and not under the other.',
        ]
      : []),
    ...(closed
      ? [
          'In a closed loop a client that waits sends nothing meanwhile, which hides part of what a delay costs: `--rate` shows it.',
        ]
      : []),
    ...(capped
      ? [
          '`capped`: a proxy that accepts a few connections at a time can lose at most users − maxaccept of them in one reload of a closed loop, the ceiling of the load. Where a tenth of the reloads or more are within one of it, the number is the load’s, and is compared with nothing. A zero beside it still is a zero.',
        ]
      : []),
  ]
}
