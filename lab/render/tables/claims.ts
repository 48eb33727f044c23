import type { Result } from '../../model/result.ts'
import { judged } from '../facts/claims.ts'
import type { Group } from '../facts/groups/groups.ts'
import type { TableCell, TableSection } from './table.ts'

/** What became of what others say, kernel by kernel; empty where the experiments of a result test no claim. */
export function claimSections(result: Result, all: Group[]): TableSection[] {
  const { claims = [] } = result
  if (claims.length === 0) return []
  // A comparison may have several runs of a kernel, each with other experiments.
  const kernels = [...new Set(all.map(({ kernel }) => kernel))].map((kernel) => {
    const groups = all.filter((group) => group.kernel === kernel)
    const { series, host } = groups[0]!
    return { title: host ? `${series}, natively` : series, groups }
  })
  const rows = claims.map((claim): TableCell[] => [
    { text: claim.says, detail: claim.by },
    ...kernels.map(({ groups }): TableCell => {
      const { outcome, seen, folder } = judged(claim, result, groups)
      return { text: outcome, detail: seen, ...(folder && { file: folder }) }
    }),
  ])
  return [
    {
      title: 'What others say',
      note: 'Each claim by the row of an experiment that tests it. What inject shows follows its rules, connection by connection; with several connections a client it shows fewer. One lost connection contradicts that nothing is lost; none lost says something where fewer than a fifth of the exposed reloads (or the share that the source tells) can lose any, with 95 % confidence. A number is reproduced where it is between half and twice the claimed one, contradicted where its interval meets none of that, and not testable with too few reloads for either, at another rate or at the ceiling of the load. Each column judges by its own run: other runs may have lost some.',
      table: { head: ['claim', ...kernels.map(({ title }) => title)], rows },
    },
  ]
}
