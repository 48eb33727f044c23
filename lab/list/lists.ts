import { builtinCases, variantCases } from '../../cases/load.ts'
import { type SUPPLY, supplyOf } from '../cli/options/supply.ts'
import type { Supply } from '../model/supply.ts'
import { columnsOf, wrap } from '../render/terminal/fit.ts'

/** What there is a list of. */
export type List = 'kernels' | 'cases' | 'variants' | 'experiments' | 'config' | 'schema'

type Options = Pick<Supply, (typeof SUPPLY)[number]> & { json: boolean }

/** A list as data, its fields of the JSON object, and as text for a terminal of so many columns. */
interface Listed {
  data: Record<string, unknown>
  text: (width: number) => string
}

/** Each list loads what it needs, and nothing for the others. */
const LISTS: Record<List, (supply: Supply) => Promise<Listed>> = {
  kernels: async (supply) => {
    const { kernelTable, listKernels } = await import('./kernels.ts')
    const cases = await builtinCases()
    const kernels = await listKernels(cases, supply)
    return { data: { kernels }, text: (width) => kernelTable(kernels, width) }
  },
  cases: async () => {
    const [{ caseTable }, cases, variants] = await Promise.all([import('./cases.ts'), builtinCases(), variantCases()])
    return { data: { cases, variants }, text: (width) => [caseTable(cases, width), ...variantsLine(width)].join('\n') }
  },
  variants: async () => {
    const [{ caseTable }, variants] = await Promise.all([import('./cases.ts'), variantCases()])
    return { data: { variants }, text: (width) => caseTable(variants, width) }
  },
  experiments: async () => {
    const [{ experimentTable }, { allExperiments }] = await Promise.all([
      import('./experiments.ts'),
      import('../../cases/experiments.ts'),
    ])
    const experiments = await allExperiments()
    return { data: { experiments }, text: (width) => experimentTable(experiments, width) }
  },
  config: async () => {
    const { configFragment } = await import('../../images/kernels/config.ts')
    const config = configFragment()
    return { data: { config }, text: () => config.trimEnd() }
  },
  schema: async () => {
    const schema = await resultSchema()
    return { data: { schema }, text: () => JSON.stringify(schema, null, 2) }
  },
}

const variantsLine = (width: number) =>
  wrap("Variants run only if they are named, not by '*': npx tsx lab/list.ts variants", width)

/** What most are after, on a screen or two: cases and kernels, and how to see the rest. */
export async function overview(options: Options, signal: AbortSignal): Promise<string> {
  const [{ shortCaseTable }, { listKernels, shortKernelTable }, cases] = await Promise.all([
    import('./cases.ts'),
    import('./kernels.ts'),
    builtinCases(),
  ])
  const kernels = await listKernels(
    cases,
    supplyOf(options, () => {}, signal),
  )
  const width = columnsOf(process.stdout)
  const more =
    'What theory expects of cases: npx tsx lab/list.ts cases. Packages, what cannot run and why, what changed: npx tsx lab/list.ts kernels. Also: experiments.'
  const parts = [
    [shortCaseTable(cases, width)],
    variantsLine(width),
    [shortKernelTable(kernels, width)],
    wrap(more, width),
  ]
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** Lists as text: tables as wide as the terminal, or one JSON object with the lists by their names; variants, which come with the cases, by theirs. */
export async function lists(wanted: readonly List[], options: Options, signal: AbortSignal): Promise<string> {
  const supply = supplyOf(options, () => {}, signal)
  const found: Listed[] = []
  for (const list of wanted) found.push(await LISTS[list](supply))
  if (options.json) return `${JSON.stringify(Object.assign({}, ...found.map(({ data }) => data)), null, 2)}\n`
  const width = columnsOf(process.stdout)
  return found.map(({ text }) => `${text(width)}\n`).join('')
}

/** The JSON Schema of result.json, for those who read it with other tools: reports/result.schema.json. */
async function resultSchema() {
  const [{ toJsonSchema }, { Result }] = await Promise.all([
    import('@valibot/to-json-schema'),
    import('../model/result.ts'),
  ])
  // JSON has finite numbers only.
  return toJsonSchema(Result, { ignoreActions: ['finite'] })
}
