import { PROXIES } from '../../images/proxies/proxies.ts'
import type { LoadedCase } from '../model/case/case.ts'
import { rangeText } from '../model/text/range.ts'
import { either } from '../model/text/spelling.ts'
import { ruled } from '../render/terminal/ruled.ts'

/** What each case is, and what it needs. */
export const shortCaseTable = (all: LoadedCase[], width: number): string =>
  ruled(
    ['case', 'idea', 'needs'],
    all.map((listed) => [listed.name, listed.idea, needs(listed).join('\n')]),
    width,
  )

/** Also what theory expects of it. */
export function caseTable(all: LoadedCase[], width: number): string {
  return ruled(
    ['case', 'idea', 'theory expects', 'needs'],
    all.map((listed) => [listed.name, listed.idea, expectations(listed).join('\n'), needs(listed).join('\n')]),
    width,
  )
}

/** What theory expects, a line for each condition; the first that holds for a kernel counts. */
function expectations({ expects }: LoadedCase): string[] {
  return expects.map(({ linux, proxy, exchange, lacks = [], resets, refused }, i) => {
    const where = [
      exchange && `under ${exchange}`,
      linux && rangeText('Linux', linux),
      proxy && rangeText('the proxy', proxy),
      lacks.length && `without ${lacks.join(', ')}`,
    ].filter(Boolean)
    const what = [`${resets === 'none' ? 'no' : resets} resets`, refused && `${refused} refused`].filter(Boolean)
    const condition = where.length ? `${where.join(', ')}: ` : i > 0 ? 'else: ' : ''
    return condition + what.join(', ')
  })
}

function needs({ needs = {}, on }: LoadedCase): string[] {
  const { linux, exchange, features = [], modules = [] } = needs
  const proxies = PROXIES.filter(({ name }) => on?.[name]).map(({ name, title }) =>
    rangeText(title, on![name]!.needs ?? {}),
  )
  // What every proxy can run needs none.
  const any = !on || (proxies.length === PROXIES.length && Object.values(on).every((one) => !one.needs))
  return [
    linux ? rangeText('Linux', linux) : '',
    any ? '' : either(proxies),
    exchange ? `--${exchange}` : '',
    features.join(', '),
    modules.length ? `modules ${modules.join(', ')}` : '',
  ].filter(Boolean)
}
