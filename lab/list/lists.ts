import { builtinCases } from '../../cases/load.ts'
import { configFragment } from '../../images/kernels/config.ts'
import { type SUPPLY, supplyOf } from '../cli/options/supply.ts'
import type { Values, Verb } from '../cli/options/verb.ts'
import { columnsOf } from '../render/terminal/fit.ts'
import { caseTable } from './cases.ts'
import { kernelTable, listKernels } from './kernels.ts'

/** What there is a list of. */
export type List = 'kernels' | 'cases' | 'config' | 'schema'

interface ListVerb extends Verb {
  options: readonly ((typeof SUPPLY)[number] | 'json')[]
}

/** Lists as text: tables as wide as the terminal, or one JSON object with the lists by their names. */
export async function lists(wanted: readonly List[], options: Values<ListVerb>, signal: AbortSignal): Promise<string> {
  const supply = supplyOf(options, () => {}, signal)
  const cases = await builtinCases()
  const found = {
    ...(wanted.includes('kernels') && { kernels: await listKernels(cases, supply) }),
    ...(wanted.includes('cases') && { cases }),
    ...(wanted.includes('config') && { config: configFragment() }),
    ...(wanted.includes('schema') && { schema: await resultSchema() }),
  }
  if (options.json) return `${JSON.stringify(found, null, 2)}\n`
  const width = columnsOf(process.stdout)
  const shown = [
    ...(found.kernels ? [kernelTable(found.kernels, cases.length, width)] : []),
    ...(found.cases ? [caseTable(found.cases, width)] : []),
    ...(found.config ? [found.config.trimEnd()] : []),
    ...(found.schema ? [JSON.stringify(found.schema, null, 2)] : []),
  ]
  return `${shown.join('\n')}\n`
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
