import { lossyShare } from '../../measure/measure.ts'
import { FEW_SLOW } from '../../measure/verdict/undeclared.ts'
import { isMeasured, type MeasuredCell, type Mine, type Result } from '../../model/result.ts'
import { counted, list, whole } from '../../model/text/amounts.ts'
import { type Advice, type Advised, adviceOf, type Use, untoldOf } from '../facts/advice.ts'
import { answers, refusals, undisturbed } from '../facts/cells/account.ts'
import { loadDetail, maxacceptText, proxyTitle } from '../facts/cells/conditions.ts'
import { decimal, interval, percent } from '../facts/cells/numbers.ts'
import type { Group } from '../facts/groups/groups.ts'
import { mineText, toldFor } from '../facts/mine.ts'
import { name, type Words } from './words.ts'

/** What an operator came for, of one proxy: the answer, what it rests on, and what to write down. */
export interface AdviceWords {
  /** "Linux 6.1 with haproxy 2.6.12, maxaccept 4" */
  where: string
  sentences: Words[]
  /** Lines to copy, and where they go; of the case that is named first. */
  adopt: { where: string; lines: string[] }[]
}

export const adviceWords = (result: Result, all: Group[]): AdviceWords[] =>
  adviceOf(result, all).map((advice) => wordsOf(advice, result.mine))

const isGood = ({ use }: Advised) => use === 'use' || use === 'price'
const isLossless = (one: Advised) => isGood(one) || one.use === 'part'

/** The case to name; none that makes clients wait while one that may not do so was disturbed. */
function bestOf(ranked: Advised[]): Advised | undefined {
  const best = ranked.find(isGood)
  return best?.use === 'price' && ranked.some(({ use }) => use === 'part') ? undefined : best
}

function wordsOf(advice: Advice, mine: Mine | undefined): AdviceWords {
  const { series, proxy, ranked } = advice
  const best = bestOf(ranked)
  const everyday = ranked.some((one) => one.facts.everyday !== undefined && isGood(one))
  return {
    where: `Linux ${series} with ${proxyTitle(proxy)}, maxaccept ${maxacceptText(proxy.maxaccept)}`,
    sentences: [
      ...(disturbed(advice) ? [DISTURBED] : []),
      // Most operators have it already, and need nothing else.
      ...everydayWords(ranked),
      ...(best
        ? best.facts.everyday
          ? []
          : [useWords(best, everyday)]
        : disturbed(advice)
          ? []
          : [nothingWords(advice)]),
      ...(best ? [priceWords(best)] : []),
      ...alternatives(ranked, best, disturbed(advice)),
      notWords(advice),
      ...(mine ? [mineWords(advice, best, mine)] : []),
    ],
    adopt: (best?.facts.adopt ?? []).map((one) => ({ ...one, where: `for ${best!.name}, ${one.where}` })),
  }
}

/** The loads under which nothing is decided, or something disturbed it: "not decided under half"; empty where there are none. */
function untold(advised: Advised): string {
  const { open, disturbed } = untoldOf(advised)
  const parts = [
    ...(open.length > 0 ? [`not decided under ${list(open)}`] : []),
    ...(disturbed.length > 0 ? [`disturbed under ${list(disturbed)}`] : []),
  ]
  return parts.join(', ')
}

/** "lost none in 115 exposed reloads under 2 loads: under each, fewer than 5.40 % of such reloads lose any (95 %)" */
function lostNone(advised: Advised): string {
  const measured = advised.cells.filter(isMeasured).filter(answers)
  const exposed = measured.reduce((sum, cell) => sum + (cell.exposed ?? 0), 0)
  const bounds = measured.flatMap((cell) => (cell.exposed ? [lossyShare(cell).high] : []))
  const several = measured.length > 1
  const loads = several ? ` under ${counted(measured.length, 'load')}` : ''
  const each = several ? 'under each, ' : ''
  const bound =
    bounds.length > 0 ? `: ${each}fewer than ${percent(Math.max(...bounds))} of such reloads lose any (95 %)` : ''
  const open = untold(advised)
  return `lost none in ${counted(exposed, 'exposed reload')}${loads}${bound}${open && `; ${open}`}`
}

const neededWords = ({ facts: { needs = [] } }: Advised) => (needs.length > 0 ? ` It needs ${list(needs)}.` : '')

/** @param everyday whether the everyday reload lost nothing, too */
const useWords = (best: Advised, everyday: boolean): Words =>
  `${everyday ? 'Elsewhere use' : 'Use'} ${name(best.name)} (${best.facts.title.replaceAll('`', "'")}): it ${lostNone(best)}.${neededWords(best)}`

/** Whether something disturbed every cell that measured anything, so that nothing can be advised. */
const disturbed = ({ control, ranked }: Advice) =>
  ![...control, ...ranked.flatMap(({ cells }) => cells.filter(isMeasured))].some(undisturbed)

const DISTURBED =
  'Something else disturbed every cell, so that this is no advice: it tells what was lost. Run it again on an idle machine.'

/** What the named case costs: beside a plain reload, and beside none at all. */
function priceWords({ name: its, price, use, priced }: Advised): Words {
  const of = `The price of ${name(its)}`
  if (!priced)
    return `${of}${use === 'price' ? ', beside that clients wait,' : ''} is not known: the machine was busy with something else. Run it again when it is idle.`
  const { cell, base, still } = priced
  const p99 = ({ latencyMs }: MeasuredCell) => decimal(latencyMs.p99)
  const beside = [
    ...(base.reloads > 0 ? [`${p99(base)} with a plain reload`] : []),
    ...(still && still !== base ? [`${p99(still)} without reloads`] : []),
  ]
  const latency = beside.length > 0 ? `p99 under ${cell.load.name} is ${p99(cell)} ms, ${list(beside)}` : ''
  const cost = list(price) || (use === 'price' ? 'clients wait' : 'none that can be told from a plain reload')
  return `${of}: ${[cost, latency].filter(Boolean).join('; ')}.`
}

/** Connections that a reload lost, on average. */
const eachReload = (cell: MeasuredCell) =>
  refusals(cell, decimal((cell.connections - cell.ok) / Math.max(1, cell.reloads)))

const nothingWords = ({ plain, ranked }: Advice): Words =>
  ranked.some(isLossless)
    ? 'Nothing can be advised yet: each case that lost nothing and may make nobody wait was disturbed under some load. Run it again on an idle machine.'
    : `Nothing that was measured here is known to prevent the loss: a plain reload loses ${eachReload(plain)} connections under ${plain.load.name}.`

/** Whether what operators have without asking for it is good already. */
const everydayWords = (ranked: Advised[]): Words[] =>
  ranked.flatMap((one) => {
    const { everyday } = one.facts
    if (!everyday) return []
    const found = isLossless(one)
      ? lostNone(one)
      : one.use === 'open'
        ? 'is not decided here'
        : `lost ${counted(one.lost, 'connection')} in ${counted(one.exposed, 'exposed reload')}`
    return [`The everyday reload (${everyday}; ${name(one.name)}) ${found}.${isLossless(one) ? neededWords(one) : ''}`]
  })

const ALSO: [use: Use, words: string][] = [
  ['use', 'Lost nothing, either'],
  ['price', `Lost nothing, but clients wait (more than ${percent(FEW_SLOW)} of the connections were slow)`],
  ['part', 'Lost nothing, but whether clients wait was not shown under each load'],
  ['rare', 'Lost a few, at most a tenth of what a plain reload does'],
  ['open', 'Not decided here, see their reasons'],
]

const alternatives = (ranked: Advised[], best: Advised | undefined, nothingDecided: boolean): Words[] =>
  ALSO.flatMap(([use, words]) => {
    // An everyday reload that lost nothing has been named.
    const others = ranked.filter((one) => one !== best && one.use === use && !(one.facts.everyday && isLossless(one)))
    const told = others.map((one) => {
      const open = use === 'open' ? '' : untold(one)
      return `${name(one.name)}${open && ` (${open})`}`
    })
    return told.length > 0 && !(nothingDecided && use === 'open') ? [`${words}: ${list(told)}.`] : []
  })

/** What must not be relied on; where nothing is advised, what was lost all the same. */
function notWords(advice: Advice): Words {
  const { ranked, plain } = advice
  const losing = ranked.filter(({ use }) => use === 'no')
  if (disturbed(advice))
    return `Even so, ${list([
      `a plain reload lost ${eachReload(plain)} connections under ${plain.load.name}`,
      ...losing.map((one) => `${name(one.name)} ${whole(one.lost)} in ${whole(one.exposed)} exposed reloads`),
    ])}.`
  return `Do not rely on ${list([
    `a plain reload (${eachReload(plain)} connections lost a reload under ${plain.load.name})`,
    ...losing.map((one) => `${name(one.name)} (${whole(one.lost)} lost in ${whole(one.exposed)} exposed reloads)`),
  ])}.`
}

/** What a plain reload and the best case lose a day at the operator's own rates; the table has the other cases. */
function mineWords({ ranked, control, plain, proxy }: Advice, best: Advised | undefined, mine: Mine): Words {
  const rows = [{ name: plain.case, cells: control }, ...(best ? [best] : [])].flatMap((one) => {
    const told = toldFor(one.cells, mine)
    return told ? [{ name: one.name, told }] : []
  })
  const asked = `For ${mineText(mine)}`
  if (rows.length === 0) {
    const loads = [
      ...new Set([...control, ...ranked.flatMap(({ cells }) => cells)].map(({ load }) => loadDetail(load))),
    ]
    const disturbed = [...control, ...ranked.flatMap(({ cells }) => cells)].some((cell) => !undisturbed(cell))
    const why = disturbed ? 'no undisturbed point of this run is near' : 'no point of this run is near'
    const again = disturbed ? 'on an idle machine measures' : 'measures'
    return `${asked} ${why}: its loads are ${list(loads)}. \`--rate ${mine.rate} --proxy ${proxy.name}\` ${again} yours, where kernel and proxy carry it.`
  }
  const each = rows.map(({ name: its, told: { rate, lost, low, high, lossy, reloads } }) => {
    const near = `measured at ${whole(rate)} a second`
    if (lost === 0) {
      const most =
        lossy === null ? '' : `at most ${decimal(lossy)} of ${decimal(reloads)} reloads a day lose anything; `
      return `${name(its)} was not seen to lose any (${most}${near})`
    }
    const range = high === null ? '' : `${interval(low, high)}; `
    return `${name(its)} loses ${decimal(lost)} connections a day (${range}${near})`
  })
  return `${asked}: ${list(each)}.`
}
