import type { Case } from '../model/case.ts'
import { rangeText } from '../model/range.ts'
import { ruled } from '../render/terminal/ruled.ts'

/** Cases as a table. */
export function caseTable(all: Case[], width: number): string {
  return ruled(
    ['case', 'idea', 'theory expects', 'needs'],
    all.map((listed) => [listed.name, listed.idea, expectations(listed).join('\n'), needs(listed).join('\n')]),
    width,
  )
}

/** What theory expects, a line for each condition; the first that holds for a kernel counts. */
function expectations({ expects }: Case): string[] {
  return expects.map(({ linux, lacks = [], resets, refused }, i) => {
    const where = [linux && rangeText('Linux', linux), lacks.length && `without ${lacks.join(', ')}`].filter(Boolean)
    const what = [`${resets === 'none' ? 'no' : resets} resets`, refused && `${refused} refused`].filter(Boolean)
    const condition = where.length ? `${where.join(', ')}: ` : i > 0 ? 'else: ' : ''
    return condition + what.join(', ')
  })
}

function needs({ needs = {} }: Case): string[] {
  const { linux, haproxy, features = [], modules = [] } = needs
  return [
    linux ? rangeText('Linux', linux) : '',
    haproxy ? rangeText('HAProxy', haproxy) : '',
    features.join(', '),
    modules.length ? `modules ${modules.join(', ')}` : '',
  ].filter(Boolean)
}
