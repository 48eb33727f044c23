import { type Result, VERDICTS } from '../../model/result.ts'
import { again } from '../../model/text/command.ts'
import { groupsOf } from '../facts/groups/groups.ts'
import { big, many } from '../facts/groups/places.ts'
import { provenance } from '../facts/remarks.ts'
import { headline } from '../sentences/headline.ts'
import { capital } from '../sentences/words.ts'
import { comparisonSections } from '../tables/comparison.ts'
import { summaryTable } from '../tables/summary.ts'
import { remarkParts } from './report.ts'
import { comparisonTable, table } from './table.ts'
import { block, bullets, marked, plain } from './text.ts'

/**
 * The summary of a job: the headline, how many cells have each verdict, the tables of resets, and what is not as
 * expected. Everything else is in the reports.
 *
 * @param report the path of the whole report, which a job may keep as an artifact
 * @param runs the name of each cell's run, in the order of `result.cells`, when they come from several
 */
export function renderSummary(result: Result, report: string, runs?: string[]): string {
  const all = groupsOf(result, runs)
  const { title, byProxy } = headline(result, all)
  const counts = VERDICTS.map((verdict) => [verdict, result.cells.filter((cell) => cell.verdict === verdict).length])
  const verdicts = [...counts, ['skipped', result.skipped.length]].filter(([, count]) => count !== 0)
  const comparisons = comparisonSections(result, all).flatMap(({ title, comparisons }) =>
    comparisons.flatMap((one) => [`### ${plain([title, one.title].filter(Boolean).join(': '))}`, comparisonTable(one)]),
  )
  const parts = [
    `## ${marked(title)}`,
    ...(byProxy.length > 0 ? [bullets(byProxy.map(marked))] : []),
    `${verdicts.map(([verdict, count]) => `**${count} ${verdict}**`).join(', ')}${result.interrupted ? ', **interrupted**' : ''}`,
    ...(comparisons.length > 0 || many(all) || big(all)
      ? comparisons
      : all.map((group) => table(summaryTable([group], all)))),
    ...remarkParts(result, all),
    plain(`${capital(provenance(result, runs).join(', '))}. The whole report: ${report}`),
    block(again(result.argv), 'sh'),
  ]
  return `${parts.join('\n\n')}\n`
}
