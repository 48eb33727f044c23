import type { Words } from './words.ts'

/** How to read a report, a paragraph each. */
export const HOW_TO_READ: Words[] = [
  'A reset is a connection that the server side answered with RST after the client had begun it, counted once however many RSTs it drew. Refused is a SYN answered with RST. Everything that is not ok is lost.',
  'Resets cluster by reload and by boot, so the 95 % intervals are over reloads and boots (gamma intervals of Fay and Feuer; shares: exact, by Clopper and Pearson), not over connections.',
  '`Exposed` is a reload while which the server side held a connection, or which lost one; the others had nothing to lose. Where nothing was reset, `<19 %` is the upper 95 % bound on the share of exposed reloads that lose anything. It bounds no number of resets.',
  'Cause `accept queue`: the connection was established at both ends, so its reset counts at both: EstabResets − resets.',
  'Cause `SYN_RECV`: the connection never became a socket of the server’s: ActiveOpens − PassiveOpens − refused − unanswered.',
  'Cause `completing`: it became one while the listener was closing, and was reset before it was established; counters leave it over, and its RST carries a sequence number of its own, as none does that replies to a segment.',
  'Cause `closed by the proxy`: it had been accepted, and was closed before its request was read: TCPAbortOnClose and TCPAbortOnData.',
  '`Unexplained` is what is then left. These are the counters of the guest’s kernel, the same from 2.6.32 on. In the charts each RST tells by its own header whether it came of a socket’s own accord (accept queue, completing) or in reply to a segment that no socket knew, or wanted (SYN_RECV, closed by the proxy).',
  '`inject` is the tool of the article. To it a reset that comes after the request was sent is a hit, so its `errs` fall when resets only come later: compare them with the strict count in the same row.',
  'The price is that of connections which began while reloads were made; one that timed out is in the percentiles, as slow as it waited. A price is named from twice the slow connections, half again the p50 or p99, a quarter fewer connections a second, or reloads longer by a quarter than under `none`; `no measurable cost` is said only where nothing differs by half of that.',
  'p is the probability of a difference at least this large if the case made none (the larger of two: a permutation test over the exposed reloads, and a moderated t test over the boots). It is not corrected for the number of comparisons.',
  'Verdicts: `expected` as theory says; `contradicts` it, or costs what the case does not declare; `inconclusive` when the counts disagree, a case did not prove that it acted or the controls did not work, so that even a zero says nothing; `failed` when the cell did not end well and has no numbers at all; `skipped` when this kernel cannot run the case.',
  '`noisy` and `overloaded` are no verdicts: something else slowed the cell, or arrivals did not begin when they were due. That changes counts, too, so such a cell keeps its row, but no headline, comparison or price is made of it.',
  'In a closed loop a client that waits sends nothing meanwhile, which hides part of what a delay costs: `--rate` shows it.',
  '`saturated` is the article’s load, a closed loop of 80 connections, under which the proxy is as busy as it can be; `half` is an operator’s, an open loop at half of what the kernel and proxy carry without reloads. Prices are told of `half` where it was measured. The loads disagree about a case when it loses under one alone, or is sure to differ from `none` (p < 0.05) under one and not under the other.',
  '`Capped`: in a closed loop a proxy that accepts a few connections at a time can lose at most users − maxaccept of them in a reload. Where a tenth of the reloads or more are within one of that, the number is the load’s, and is compared with nothing; a zero beside it still is one.',
  'A load is `limited by` the rate that was asked for, by the proxy or the generator where its CPU was busy for at least 85 % of the time, or by its users: the clients waited. Each cell is measured in several boots; their means stand side by side, since boots differ, too.',
]
