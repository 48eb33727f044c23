import { isMeasured, type MeasuredCell, type Result, type ResultCell } from '../../model/result.ts'
import { counted, list } from '../../model/text/amounts.ts'
import { again } from '../../model/text/command.ts'
import { commitText } from '../../model/text/lab.ts'
import { atCeiling, CAUSES, causeText, flags, lostOtherwise } from '../facts/cells/account.ts'
import { proxyTitle } from '../facts/cells/conditions.ts'
import { decimal, doubtful, percent, perReload } from '../facts/cells/numbers.ts'
import { change, hiddenByCeiling, inFirstRun } from '../facts/change.ts'
import { described, type Group, groupsOf } from '../facts/groups/groups.ts'
import { settingsOf } from '../facts/groups/places.ts'
import { hostText } from '../facts/machines/machines.ts'
import { remarksOf } from '../facts/remarks.ts'
import { headline } from '../sentences/headline.ts'
import { capital } from '../sentences/words.ts'
import { ascii, wrap } from '../terminal/fit.ts'
import { plainTable } from '../terminal/plain.ts'

/** Columns of a mail. */
const WIDTH = 72

/** A saved run that a mail tells of: how it was made, and by which version of the lab. */
export type Made = Pick<Result, 'argv' | 'lab' | 'host'> & { label?: string }

/**
 * A result as a mail to a list of developers: plain ASCII in lines of at most 72 columns, but for words and commands
 * that are longer alone. First what was found, then the numbers, then all that it takes to doubt or repeat them.
 *
 * @param made the runs that it comes from
 * @param labels the name of each cell's run, in the order of `result.cells`, when they come from several
 */
export function renderMail(result: Result, made: Made[], labels?: string[]): string {
  const all = groupsOf(result, labels)
  const { title, byProxy } = headline(result, all)
  const parts = [
    wrap(`Subject: ${subjectOf(all)}`, WIDTH)[0]!,
    ...[title, ...byProxy].map((words) => text(`${capital(words)}.`)),
    ...settingsOf(all).map(({ label, groups }) => settingText(label, groups, all)),
    casesText(result),
    causesText(all),
    MARKS,
    doubtsText(result, all),
    madeText(result, all, made),
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

const plain = (words: string) => ascii(words.replaceAll('`', '')).replaceAll('×', 'x').replaceAll('…', '...')
const text = (words: string) => wrap(plain(words), WIDTH).join('\n')
/** A line of a list; what does not fit goes on below, further in. */
const item = (words: string) =>
  wrap(plain(words), WIDTH - 4)
    .join('\n    ')
    .replace(/^/, '  ')

/** What the cases are, which a list of developers does not know by name. */
const casesText = ({ cases, cells }: Result) =>
  [
    'Cases:',
    ...unique(
      cases
        .filter(({ name }) => cells.some((cell) => cell.case === name))
        .map(({ name, title }) => item(`${name}: ${title}`)),
    ),
  ].join('\n')

const unique = <T>(items: T[]) => [...new Set(items)]

/** "Resets at reloads of haproxy 2.6.12 on Linux 6.1 and 7.2" */
function subjectOf(all: Group[]): string {
  const proxies = list(unique(all.map(({ proxy }) => proxyTitle(proxy))))
  return `resets at reloads of ${proxies} on Linux ${list(unique(all.map(({ series }) => series)))}`
}

type Column = [head: string, text: (cell: MeasuredCell, group: Group) => string]

/** The sign behind a number that is in doubt, see MARKS. */
const mark = (cell: MeasuredCell) => `${flags(cell).length > 0 ? '~' : ''}${atCeiling(cell) ? '^' : ''}`

const COLUMNS: Column[] = [
  ['resets a\nreload', (cell) => `${perReload(cell)[0]}${mark(cell)}`],
  ['95 %', intervalText],
  ['other\nlost', (cell) => `${cell.refused + lostOtherwise(cell)}`],
  ['ex-\nposed', (cell) => (cell.reloads === 0 ? '-' : `${cell.exposed ?? '?'}`)],
  ['p99\nms', (cell) => decimal(cell.latencyMs.p99)],
]

/** The interval of the mean; of a zero, the upper bound on the share of exposed reloads that lose anything. */
function intervalText(cell: MeasuredCell): string {
  const [, detail] = perReload(cell)
  if (cell.reloads === 0) return '-'
  return cell.resetsPerReload.mean > 0 ? detail : (/<.*%/.exec(detail)?.[0].replace(/\s/g, '') ?? '-')
}

/** How a cell differs from the same one in the first run. */
const againstFirst =
  (all: Group[]): Column[1] =>
  (cell, group) => {
    const other = inFirstRun(cell, group, all)
    if (hiddenByCeiling(cell, other)) return 'ceiling'
    const found = change(cell, other)
    if (!found) return '-'
    const { share, p } = found
    if (share === 0) return 'same'
    const by = share === null ? 'from 0' : `${share < 0 ? '-' : '+'}${percent(Math.abs(share)).replace(/\s/g, '')}`
    return `${by}\np ${p < 0.001 ? '<0.001' : p.toFixed(3)}`
  }

/** What the groups of a load and proxy lost, the kernels of each case one below the other. */
function settingText(label: string, groups: Group[], all: Group[]): string {
  const first = all.find((group) => group.first !== undefined)?.first
  const several = new Set(groups.map(({ where }) => where)).size > 1
  const columns: Column[] = [
    ...COLUMNS,
    ...(first === undefined ? [] : [[`vs\n${first}`, againstFirst(all)] satisfies Column]),
  ]
  const rows = unique(groups.flatMap(({ cells }) => cells.map((cell) => cell.case))).flatMap((name) =>
    groups.flatMap((group) =>
      group.cells
        .filter((cell) => cell.case === name)
        .map((cell) => [
          name,
          ...(several ? [group.where] : []),
          ...columns.map(([, of]) => (isMeasured(cell) ? plain(of(cell, group)) : 'failed')),
        ]),
    ),
  )
  const head = ['case', ...(several ? ['kernel'] : []), ...columns.map(([one]) => one)]
  const table = plainTable(head, narrowed(rows), WIDTH, { align: 'right', left: several ? 2 : 1, gap: 1 })
  return [...(label ? [`${capital(label)}:\n`] : []), table].join('\n')
}

/** So that the longest name of a case leaves room for the numbers. */
const NAME = 19
const narrowed = (rows: string[][]) => rows.map(([name = '', ...rest]) => [wrap(name, NAME).join('\n'), ...rest])

/** What reset connections, by the kernel's counters; empty where nothing was reset. */
function causesText(all: Group[]): string {
  const rows = all.flatMap((group) =>
    group.cells
      .filter(isMeasured)
      .filter(({ resets }) => resets > 0)
      .map((cell) => [
        cell.case,
        ...(all.length > 1 ? [group.label] : []),
        doubtful(cell, `${cell.resets}`),
        ...CAUSES.map(([cause]) => causeText(cell, `${cell.causes[cause]}`)),
      ]),
  )
  if (rows.length === 0) return ''
  const heads = ['accept\nqueue', 'com-\npleting', 'SYN_\nRECV', 'closed\nby it', 'unex-\nplained']
  const several = all.length > 1
  const head = ['case', ...(several ? ['where'] : []), 'resets', ...heads]
  const folded = narrowed(rows).map((row) =>
    row.map((one, i) => (several && i === 1 ? wrap(one, NAME).join('\n') : one)),
  )
  return `What reset them, by the kernel's counters (closed by it: by the proxy):\n\n${plainTable(head, folded, WIDTH, { align: 'right', left: several ? 2 : 1, gap: 1 })}`
}

const MARKS = text(
  "The 95 % column has the interval of the mean; of a zero, the upper bound on the share of exposed reloads (those that met a connection) that lose anything. ?: inconclusive. ~: noisy or overloaded. ^: at the ceiling of a closed loop (users - maxaccept), so that the number is the load's.",
)

/** What is not as expected, and which kernels were not to be had. */
function doubtsText(result: Result, all: Group[]): string {
  const remarks = remarksOf(result, all).map(({ word, of, text: why }) => {
    const names = list(of.map(({ name, on }) => `${name}${on ? ` on ${on}` : ''}`))
    return item(`${word}: ${names}: ${why}`)
  })
  return remarks.length > 0 ? ['Not as expected, or not run:\n', ...remarks].join('\n') : ''
}

/** What was measured with what, and the command that does it again. */
function madeText(result: Result, all: Group[], made: Made[]): string {
  const versions = unique(made.map(({ lab }) => `${lab.version}, commit ${lab.commit ? commitText(lab) : 'unknown'}`))
  const hosts = unique(made.map((one) => hostText({ ...result, ...one })))
  return [
    'Kernels:',
    ...unique(result.cells.map(kernelText(result))).map(item),
    'Proxies:',
    ...unique(result.cells.map(({ proxy }) => proxyText(result, proxy))).map(item),
    'Loads:',
    ...unique(all.map(loadText)).map(item),
    'Lab:',
    ...versions.map((version) => item(`hitless ${version}`)),
    'Hosts:',
    ...hosts.map(item),
    made.length > 1 ? 'To run it again, each run on its own:' : 'To run it again:',
    ...made.map(({ argv }) => commandText(again(argv))),
  ].join('\n')
}

const kernelText = (result: Result) => (cell: ResultCell) => {
  const facts = result.kernels.find((one) => one.kernel === cell.kernel && one.imageSha256 === cell.kernelSha256)
  const where = cell.guest === 'host' ? 'natively' : `${cell.guest}, ${cell.accel}`
  const hash = cell.kernelSha256 ? `, image SHA-256 ${cell.kernelSha256.slice(0, 16)}` : ''
  return `${cell.kernelVersion ?? cell.kernel} (${facts?.version ? `Debian ${facts.version}, ` : ''}${where}${hash})`
}

function proxyText({ sources }: Result, { name, version, maxaccept }: ResultCell['proxy']): string {
  const debian = sources?.[`${name} ${version}`]
  return `${name} ${version}${debian ? ` (Debian ${debian})` : ''}, maxaccept ${maxaccept}`
}

/** A load, and what limited it in how many cells. */
function loadText(group: Group): string {
  const limits = group.cells.filter(isMeasured).map(({ limitedBy }) => limitedBy ?? 'unknown')
  const counts = unique(limits).map((limit) => {
    const count = limits.filter((one) => one === limit).length
    return count === limits.length ? limit : `${limit} in ${counted(count, 'cell')}`
  })
  return `${group.label}: ${described(group)}; limited by: ${list(counts)}`
}

/** A command, broken between its words, where a shell goes on behind a backslash. */
function commandText(command: string): string {
  const lines: string[] = []
  for (const word of command.match(/(?:'[^']*'|[^\s'])+/g) ?? []) {
    const longer = `${lines.at(-1) ?? ''} ${word}`
    if (lines.length > 0 && longer.length <= WIDTH - 6) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return `  ${lines.join(' \\\n    ')}`
}
