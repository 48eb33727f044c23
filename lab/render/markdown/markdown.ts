import { isMeasured, type Result } from '../../model/result.ts'
import { flags } from '../facts/account.ts'
import { type Beside, ceilingWord, loadDetail, sideBySide } from '../facts/beside.ts'
import { type Column, columns } from '../facts/columns.ts'
import {
  accounts,
  causes,
  conspicuous,
  disagreeing,
  disturbed,
  evidence,
  loading,
  parts as partsOf,
  runNames,
  runs,
  script,
  threeCounts,
  together,
} from '../facts/details.ts'
import { again, list, shell, whole } from '../facts/format.ts'
import { described, type Group, groups, severalKernels } from '../facts/groups.ts'
import {
  bootText,
  featureNames,
  type KernelRow,
  kernelOf,
  kernelRows,
  kernelTerms,
  rateText,
  short,
} from '../facts/kernels.ts'
import { loadMapOf, MAP_LEGEND, mapTables, sparedWords } from '../facts/loadmap.ts'
import { big, brief, type Field, hasMatrix, MATRIX_LEGEND, many, matrix, said } from '../facts/matrix.ts'
import { hrefOf } from '../html/badges.ts'
import { answer, headline, type Said } from '../sentences/answer.ts'
import { HOW_TO_READ } from '../sentences/reading.ts'
import type { Words } from '../sentences/words.ts'
import { resetsChart } from '../terminal/chart.ts'
import { kernelBars } from '../terminal/overview.ts'
import { block, code, codeCell, grid, marked, plain, table } from './text.ts'

/** With several groups the second column says which. */
function summary(all: Group[], shown: Column[]) {
  const several = all.length > 1
  const rows = all.flatMap((group) =>
    group.cells.map((cell) => [
      codeCell(cell.case),
      ...(several ? [plain(group.label)] : []),
      [`**${cell.verdict}**`, ...flags(cell).map(({ word }) => word)].join(', '),
      ...shown.map(({ text }) => {
        if (!isMeasured(cell)) return '-'
        const [main, detail] = text(cell, group)
        return plain(detail ? `${main} (${detail})` : main)
      }),
    ]),
  )
  const skipped = several
    ? []
    : all[0]!.skipped.map((cell) => [codeCell(cell.case), 'skipped', ...shown.map(() => '-')])
  return table(
    ['case', ...(several ? ['where'] : []), 'verdict', ...shown.map(({ head }) => plain(head))],
    [...rows, ...skipped],
  )
}

function fieldText(field: Field, inWords = false) {
  if (!field) return ''
  if ('skipped' in field) return plain(`skipped${field.skipped.feature ? `: no ${field.skipped.feature}` : ''}`)
  const { cell } = field
  if (!isMeasured(cell)) return '**failed**'
  const { main, detail, more } = said(cell)
  const verdict = cell.verdict === 'expected' && !inWords ? '✓' : `**${cell.verdict}**`
  return [
    plain([main, ...detail, ...ceilingWord(cell)].join(' · ')),
    ...more.map(plain),
    verdict,
    ...flags(cell).map(({ word }) => word),
  ].join('; ')
}

/** The cases of one kernel under one load beside the other. */
function besideTable({ place, priced, rows }: Beside) {
  const heads = place.groups.map((group) => plain(`${group.load.name} (${loadDetail(group)})`))
  return table(
    ['case', ...heads, ...(priced ? [plain(`price under ${priced.load.name}`)] : [])],
    rows.map((row) => [
      codeCell(row.case),
      ...row.fields.map((field) => fieldText(field, true)),
      ...(priced ? [plain(list(row.price)) || '-'] : []),
    ]),
  )
}

/** Kernels by cases. */
function kernelsByCases(result: Result, all: Group[]) {
  const { cases, rows } = matrix(result, all)
  const lines = rows.map(({ label, fields, reason }) => [
    codeCell(label),
    ...(reason === undefined
      ? fields.map((field) => fieldText(field))
      : cases.map((_, i) => (i === 0 ? 'could not be had' : ''))),
  ])
  return table(['resets a reload', ...cases.map(codeCell)], lines)
}

/** What the kernels are, and what they can do. */
function kernelTables(rows: KernelRow[]) {
  const what = rows.map((row) => [
    codeCell(row.label),
    codeCell(row.kernel),
    plain(row.version ?? '-'),
    plain(row.origin ?? '-'),
    codeCell(short(row.imageSha256)),
    codeCell(short(row.packageSha256)),
    row.config ? `[config](<${hrefOf(row.config.file)}>)` : '-',
    plain(bootText(row)),
    plain(rateText(row)),
  ])
  const heads = ['kernel', 'name', "Debian's version", 'origin', 'image', 'package', 'configuration', 'boot', 'conn/s']
  const features = featureNames(rows)
  if (features.length === 0) return [table(heads, what)]
  const can = rows.map((row) => [
    codeCell(row.label),
    ...features.map((name) => (row.features[name] === undefined ? '-' : row.features[name].has ? 'yes' : '**no**')),
  ])
  return [
    table(heads, what),
    'What they can do, tried in the guest:',
    table(['kernel', ...features.map(codeCell)], can),
  ]
}

/**
 * report.md.
 *
 * @param labels the name of each cell's run, in the order of `result.cells`, when they come from several
 */
export function renderMarkdown(result: Result, labels?: string[]): string {
  const all = groups(result, labels)
  const shown = columns(all)
  const words = answer(result, labels)
  const several = all.length > 1
  const runsSaid = runNames(labels)
  const bullets = (sentences: Words[]) => sentences.map((sentence) => `- ${marked(sentence)}`).join('\n')
  const parts = [
    `# ${marked(headline(result, labels))}`,
    ...(result.interrupted ? ['> **Interrupted:** only the cells that had ended by then are here.'] : []),
    ...(words.capped.length > 0 ? [`> **Capped:** ${marked(words.capped.join(' '))}`] : []),
    ...(words.whole.length > 0 ? [bullets(words.whole)] : []),
    ...words.bySetting.flatMap((one) => [`**${plain(one.title)}:**`, bullets(one.words)]),
    ...(many(all) || big(all)
      ? []
      : words.each.map((one) => `**${plain(one.title)}:** ${marked(one.words.join(' '))}`)),
    plain(
      `${runsSaid ? `Comparison of ${runsSaid}` : `Run ${result.name}`}, ${result.started}, ${whole(result.seconds)} s, hitless ${result.lab.version}${result.lab.commit ? ` (${result.lab.commit})` : ''}.`,
    ),
  ]

  const map = loadMapOf(all)
  if (map) {
    parts.push('## Where a number is the kernel’s and where the load’s', plain(MAP_LEGEND))
    for (const { title, head, rows } of mapTables(map))
      parts.push(
        `### ${plain(title)}`,
        table(
          head.map(plain),
          rows.map((row) => row.map(plain)),
        ),
      )
    if (map.spared.length > 0) parts.push(marked(sparedWords(map)))
  }
  if (hasMatrix(result, all))
    parts.push('## Kernels and cases', plain(MATRIX_LEGEND.join(' ')), kernelsByCases(result, all))
  const beside = big(all) ? [] : sideBySide(all)
  if (beside.length > 0) {
    parts.push('## Load by load', plain(MATRIX_LEGEND.join(' ')))
    for (const one of beside)
      parts.push(...(beside.length > 1 ? [`### ${plain(one.place.label)}`] : []), besideTable(one))
  }
  const bars = severalKernels(all) && !big(all) ? kernelBars(result, all, false) : ''
  if (bars) parts.push('## Over the kernels', block(bars.trimEnd(), 'text'))

  const seen = conspicuous(all)
  const noise = disturbed(all)
  if (seen.length > 0 || result.skipped.length > 0 || noise.length > 0) {
    parts.push('## Not as expected, or not run')
    for (const { group, cell } of seen) {
      parts.push(
        `- **${cell.verdict}** ${code(cell.case)}${several ? ` on ${plain(group.title)}` : ''}: ${plain(cell.reason)}`,
      )
      if (!isMeasured(cell) && cell.consoleTail.length > 0) parts.push(block(cell.consoleTail.join('\n'), 'text'))
    }
    for (const { word, cells } of noise)
      parts.push(`- **${word}** ${plain(cells.join('; '))}. Left out of headlines and comparisons.`)
    for (const { kernel, case: name, reason } of result.skipped)
      parts.push(`- skipped ${name === '*' ? plain(kernel) : `${code(name)} on ${plain(kernel)}`}: ${plain(reason)}`)
  }

  parts.push(...(brief(all) ? inOne(all, shown) : oneByOne(result, all, shown, words.each, labels)))
  if (!runsSaid) {
    const { kernel, cpu, cpus, qemu } = result.host
    parts.push(plain(`Host: Linux ${kernel}, ${cpus} × ${cpu}${qemu ? `, ${qemu}` : ''}.`))
  }
  parts.push('To run it again:', block(again(result.argv), 'sh'))

  parts.push('## How to read it', HOW_TO_READ.map((words) => `- ${marked(words)}`).join('\n'))

  parts.push('## Cases')
  for (const facts of result.cases) {
    parts.push(`### ${code(facts.name)}: ${plain(facts.title)}`, `${plain(facts.idea)} Source: ${plain(facts.source)}.`)
    const lines = script(facts.commands)
    if (lines) parts.push(block(lines, 'sh'))
    if (facts.drawbacks.length > 0)
      parts.push(facts.drawbacks.map((drawback) => `- Price: ${plain(drawback)}`).join('\n'))
  }

  if (!brief(all)) {
    parts.push('## Guests')
    for (const { cells } of all)
      for (const { folder, eachBoot } of cells)
        for (const boot of eachBoot)
          parts.push(`${code(`${folder}/${boot.folder}`)}:`, block(shell(boot.command), 'sh'))
  }
  return `${parts.join('\n\n')}\n`
}

/** What is said of each group, a table of its own in each section. */
function oneByOne(result: Result, all: Group[], shown: Column[], each: Said[], labels?: string[]): string[] {
  const kernels = kernelRows(result, all)
  const chart = resetsChart(result, false, labels)
  const kinds = [
    ['What reset them', causes(all)],
    ['When they were reset', partsOf(all)],
  ] as const
  return [
    '## Summary',
    ...all.flatMap((group, i) => [
      `### ${plain(group.title)}`,
      ...(many(all) ? [each[i]!.words.map((sentence) => `- ${marked(sentence)}`).join('\n')] : []),
      `${plain(described(group))}.`,
      summary([group], shown),
      grid(loading(group)),
    ]),
    ...kinds.flatMap(([title, found]) => (found.rows.length > 0 ? [`## ${title}`, grid(found)] : [])),
    ...(all.length > 0 ? ['## Kernels', ...kernelTables(kernels)] : []),
    ...(chart ? ['## Resets by reload', block(chart.trimEnd(), 'text')] : []),
    '## Two accounts and three counts',
    ...all.flatMap((group) => [
      `### ${plain(group.title)}: strict account and inject’s`,
      grid(accounts(group)),
      `### ${plain(group.title)}: generator, wire, kernel`,
      grid(threeCounts(group)),
    ]),
    '## How it was run',
    ...all.flatMap((group) => [
      `### ${plain(group.title)}`,
      kernelTerms(kernelOf(kernels, group))
        .map(([term, fact]) => `- ${plain(term)}: ${code(fact)}`)
        .join('\n'),
      grid(evidence(group, result.cases)),
      grid(runs(group)),
    ]),
  ]
}

/** Of so many cells that nobody reads each: a row each in tables over all groups. */
function inOne(all: Group[], shown: Column[]): string[] {
  const wrong = disagreeing(all)
  const reset = causes(all)
  return [
    '## Summary',
    summary(all, shown),
    '## Load and boots',
    grid(together(all, loading)),
    ...(reset.rows.length > 0 ? ['## What reset them', grid(reset)] : []),
    '## Three counts',
    wrong.length > 0
      ? grid(together(wrong, threeCounts))
      : 'The generator’s, the packets seen on the wire, and the kernel’s counter agree in each cell that was measured.',
    'Charts by reload, latencies, pins and commands of so many cells are left out: result.json has them.',
  ]
}
