import { isMeasured, type MeasuredCell, type Result } from '../measure/result.ts'
import { answers, hidden, lost, lostOtherwise, price } from './account.ts'
import { counted, decimal, list, perReload, probability, whole } from './format.ts'
import { type Cell, change, type Group, groups } from './groups.ts'

/** Plain words in which `backticks` mark the names of cases, kernels and runs. */
export type Words = string

const name = (text: string) => `\`${text.replaceAll('`', "'")}\``
const names = (cells: Cell[]) => list(cells.map((cell) => name(cell.case)))

/** What a group's cells say. */
function sorted({ cells }: Group) {
  const measured = cells.filter(isMeasured)
  const answered = measured.filter(answers)
  return {
    answered,
    lossy: answered.filter((cell) => lost(cell) > 0),
    clean: answered.filter((cell) => lost(cell) === 0),
    still: measured.filter((cell) => cell.reloads === 0),
    open: cells.filter((cell) => !isMeasured(cell) || cell.verdict === 'inconclusive'),
  }
}

/** The result in one line: what a reload costs at most, and how many cases cost nothing. */
export function headline(result: Result, labels?: string[]): Words {
  const all = groups(result, labels).map(sorted)
  const cases = new Set(all.flatMap((group) => group.answered.map((cell) => cell.case)))
  if (cases.size === 0) return 'No answer'
  const lossy = all.flatMap((group) => group.lossy)
  if (lossy.length === 0) return `No connection was lost in ${counted(cases.size, 'case')}`
  const most = decimal(Math.max(...lossy.map((cell) => cell.resetsPerReload.mean)))
  const clean = cases.size - new Set(lossy.map((cell) => cell.case)).size
  const rest = clean === 0 ? 'no case prevents it' : `nothing is lost under ${clean} of ${counted(cases.size, 'case')}`
  return `A reload resets up to ${most} connections; ${rest}`
}

function lossySentence(cell: MeasuredCell, base?: MeasuredCell): Words {
  const others = cell.refused + lostOtherwise(cell)
  if (cell.resets === 0) {
    const paid = price(cell, base)
    const cost = paid.length > 0 ? `; ${list(paid)}` : ''
    return `${name(cell.case)} reset none (${perReload(cell)[1]} a reload), but ${counted(others, 'connection')} refused, timed out or cut short${cost}.`
  }
  const [mean, interval] = perReload(cell)
  const difference = change(cell, base)
  const against =
    difference?.share == null
      ? ''
      : difference.p >= 0.05
        ? `, not distinguishable from ${name('none')} (${probability(difference.p)})`
        : `, ${decimal(Math.abs(difference.share) * 100)} % ${difference.share < 0 ? 'fewer' : 'more'} than ${name('none')} (${probability(difference.p)})`
  const unseen =
    hidden(cell) > 0
      ? `; the article's tool would have shown ${whole(cell.injectErrs)} of the ${counted(cell.resets, 'reset')} as errors`
      : ''
  const more = others > 0 ? `; ${whole(others)} more were refused, timed out or were cut short` : ''
  return `${name(cell.case)} lost connections: ${mean} resets a reload (95 %: ${interval})${against}${unseen}${more}.`
}

/** One group's answer: which cases lost connections, which none and at what price, and what stays open. */
function groupAnswer(group: Group): Words[] {
  const { lossy, clean, still, open } = sorted(group)
  const said: Words[] = lossy
    .toSorted(
      (a, b) => Number(b === group.base) - Number(a === group.base) || b.resetsPerReload.mean - a.resetsPerReload.mean,
    )
    .map((cell) => lossySentence(cell, group.base))
  const costs = new Map(clean.map((cell) => [cell, price(cell, group.base)]))
  const free = clean.filter((cell) => costs.get(cell)!.length === 0)
  if (free.length > 0) {
    const bound = decimal(Math.max(...free.map((cell) => cell.resetsPerReload.high)))
    said.push(`${names(free)} lost none (below ${bound} a reload), at no price that shows.`)
  }
  for (const [cell, paid] of costs)
    if (paid.length > 0) said.push(`${name(cell.case)} lost none, at a price: ${list(paid)}.`)
  for (const cell of still)
    said.push(
      lost(cell) === 0
        ? `Without a single reload (${name(cell.case)}) none was lost either, so what was lost above was lost to reloads.`
        : `Even without a reload (${name(cell.case)}) ${counted(lost(cell), 'connection')} were lost: not all of the above is due to reloads.`,
    )
  if (open.length > 0)
    said.push(`No answer for ${list(open.map((cell) => `${name(cell.case)} (${cell.verdict})`))}: that is not a zero.`)
  return said
}

/** What holds on every kernel, when there are several. */
function acrossGroups(all: Group[]): Words[] {
  const each = all.map(sorted)
  const everywhere = (pick: 'lossy' | 'clean', rest: 'lossy' | 'clean') => {
    const cases = new Set(each.flatMap((group) => group[pick].map((cell) => cell.case)))
    for (const group of each) for (const cell of group[rest]) cases.delete(cell.case)
    return [...cases].map(name)
  }
  const clean = everywhere('clean', 'lossy')
  const lossy = everywhere('lossy', 'clean')
  const mixed = new Set(
    each.flatMap((group) => group.clean.map((cell) => name(cell.case))).filter((found) => !clean.includes(found)),
  )
  const said: Words[] = []
  if (lossy.length > 0) said.push(`Wherever they gave an answer, ${list(lossy)} lost connections.`)
  if (clean.length > 0) said.push(`Wherever they gave an answer, ${list(clean)} lost none.`)
  if (mixed.size > 0) said.push(`It depends for ${list([...mixed])}.`)
  return said
}

/** The answer in plain words, a sentence each: for every group, and with several also for the whole. */
export function answer(
  result: Result,
  labels?: string[],
): { whole: Words[]; each: { title: string; words: Words[] }[] } {
  const all = groups(result, labels)
  const each = all.map((group) => ({ title: group.title, words: groupAnswer(group) }))
  if (all.length === 0) return { whole: ['Nothing was measured.'], each }
  return { whole: all.length > 1 ? acrossGroups(all) : [], each }
}
