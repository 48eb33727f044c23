import { isMeasured, type MeasuredCell, type Result } from '../measure/result.ts'
import { answers, hidden, lost, lostOtherwise, price, shown } from './account.ts'
import { acrossKernels } from './across.ts'
import { counted, decimal, list, perReload, probability, whole } from './format.ts'
import { type Cell, change, distinctKernels, type Group, groups } from './groups.ts'

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
  const found = groups(result, labels)
  const all = found.map(sorted)
  const cases = new Set(all.flatMap((group) => group.answered.map((cell) => cell.case)))
  if (cases.size === 0) return 'No answer'
  const kernels = distinctKernels(found) ? `From Linux ${found[0]!.series} to ${found.at(-1)!.series}: ` : ''
  const lossy = all.flatMap((group) => group.lossy)
  if (lossy.length === 0) return capital(`${kernels}no connection was lost in ${counted(cases.size, 'case')}`)
  const upTo = (value: (cell: MeasuredCell) => number) => Math.max(...lossy.map(value))
  const costs = [
    ['resets up to', upTo((cell) => cell.resetsPerReload.mean)],
    ['refuses up to', upTo((cell) => cell.refused / cell.reloads)],
    ['loses up to', upTo((cell) => lostOtherwise(cell) / cell.reloads)],
  ] as const
  const told = costs.filter(
    ([, most], i) => most > 0 && (i < 2 || lossy.every((cell) => cell.resets + cell.refused === 0)),
  )
  const most = list(told.map(([does, value]) => `${does} ${decimal(value)}`))
  const clean = cases.size - new Set(lossy.map((cell) => cell.case)).size
  const rest = clean === 0 ? 'no case prevents it' : `nothing is lost under ${clean} of ${counted(cases.size, 'case')}`
  return capital(`${kernels}a reload ${most} connections; ${rest}`)
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

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
      ? `; the article's tool would have shown ${whole(shown(cell))} of the ${counted(cell.resets, 'reset')} as errors`
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

/** The answer in plain words, a sentence each: for every group, and with several also for the whole. */
export function answer(
  result: Result,
  labels?: string[],
): { whole: Words[]; each: { title: string; words: Words[] }[] } {
  const all = groups(result, labels)
  const each = all.map((group) => ({ title: group.title, words: groupAnswer(group) }))
  if (all.length === 0) return { whole: ['Nothing was measured.'], each }
  return { whole: all.length > 1 ? acrossKernels(result, all) : [], each }
}
