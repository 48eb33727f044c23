import type { Experiment } from '../model/experiment.ts'
import { counted } from '../model/text/amounts.ts'
import { ruled } from '../render/terminal/ruled.ts'

/** What can be asked, what each question is made of, and where it comes from. */
export const experimentTable = (all: Experiment[], width: number): string =>
  ruled(
    ['experiment', 'question', 'is made of', 'source'],
    all.map((one) => [one.name, one.question, partsOf(one).join('\n'), one.source]),
    width,
  )

/** Its cases, cells and boots on one kernel with one proxy, and the proxies that it takes. */
function partsOf({ rows, boots, duration, proxies }: Experiment): string[] {
  const cells = new Set(
    rows.flatMap(({ cases, users = [], rates = [], shares = [], maxaccepts = [null], banner, keepAlive }) =>
      cases.flatMap((name) =>
        [
          ...users.map((count) => `users ${count}`),
          ...rates.map((rate) => `rate ${rate}`),
          ...shares.map((share) => `share ${share}`),
        ].flatMap((load) => maxaccepts.map((most) => JSON.stringify([name, load, most, banner, keepAlive]))),
      ),
    ),
  )
  return [
    [...new Set(rows.flatMap((row) => row.cases))].join(', '),
    `${counted(cells.size, 'cell')}, ${counted(boots, 'boot')} each, reloads for ${duration} s in each`,
    'first' in proxies ? `the first of ${proxies.first.join(', ')}` : `each of ${proxies.each.join(', ')}`,
  ]
}
