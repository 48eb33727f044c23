import { existsSync } from 'node:fs'
import { NoCase, selectCases } from '../../../cases/load.ts'
import { isPath, matchKernels } from '../../../images/kernels/catalogue.ts'
import { HAPROXY_SERIES } from '../../../images/proxies/haproxy.ts'
import { Fault } from '../../model/fault.ts'

/** What is wrong with a name of `--kernel`: it is no path that exists and no kernel of the catalogue. */
export function wrongKernel(item: string): string[] {
  if (isPath(item) && !existsSync(item)) {
    const home = item.startsWith('~') ? ': a shell expands ~ at the beginning of a word only' : ''
    return [`--kernel ${item}: there is no such file or directory${home}`]
  }
  try {
    matchKernels(item)
    return []
  } catch (error) {
    if (error instanceof Fault) return [error.message]
    throw error
  }
}

/** What is wrong with the patterns of `--case`. */
export async function wrongCases(patterns: string[]): Promise<string[]> {
  try {
    await selectCases(patterns)
    return []
  } catch (error) {
    if (error instanceof NoCase) return error.mistakes
    throw error
  }
}

/** What is wrong with a value of `--proxy`. */
export function wrongProxy(proxy: string): string[] {
  const [, series] = /^haproxy(?::(.+))?$/s.exec(proxy) ?? []
  if (series === undefined && proxy !== 'haproxy')
    return [`--proxy ${JSON.stringify(proxy)}: expected haproxy, haproxy:SERIES or haproxy:PATH`]
  return wrongSeries(series, `--proxy ${proxy}`)
}

/** What is wrong with a value of `--haproxy`, the part of `--proxy` after the name. */
export const wrongHaproxy = (series: string): string[] => wrongSeries(series, `--haproxy ${series}`)

function wrongSeries(series: string | undefined, typed: string): string[] {
  if (series === undefined || series.includes('/') || HAPROXY_SERIES.includes(series)) return []
  return [`${typed}: no such series; choose from ${HAPROXY_SERIES.join(', ')}, or the path of a static binary`]
}
