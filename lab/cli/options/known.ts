import { existsSync } from 'node:fs'
import { Fault } from '../../model/fault.ts'

// What is wrong with names of kernels, cases and proxies. Each catalogue is loaded where a name is looked up in it.

/** What is wrong with names of `--kernel`, which are neither paths that exist nor kernels of the catalogue. */
export async function wrongKernels(items: string[]): Promise<string[]> {
  if (!items.length) return []
  const { isPath, matchKernels } = await import('../../../images/kernels/catalogue.ts')
  return items.flatMap((item) => {
    if (isPath(item) && !existsSync(item)) {
      const home = item.startsWith('~') ? ': a shell expands ~ at the beginning of a word only' : ''
      return [`--kernel ${item}: no such file or directory${home}`]
    }
    try {
      matchKernels(item)
      return []
    } catch (error) {
      if (error instanceof Fault) return [error.message]
      throw error
    }
  })
}

/** What is wrong with the patterns of `--case`. */
export async function wrongCases(patterns: string[]): Promise<string[]> {
  if (!patterns.length) return []
  const { NoCase, selectCases } = await import('../../../cases/load.ts')
  try {
    await selectCases(patterns)
    return []
  } catch (error) {
    if (error instanceof NoCase) return error.mistakes
    throw error
  }
}

/** What is wrong with the patterns of `--experiment`. */
export async function wrongExperiments(patterns: string[]): Promise<string[]> {
  if (!patterns.length) return []
  const { NoExperiment, selectExperiments } = await import('../../../cases/experiments.ts')
  try {
    await selectExperiments(patterns)
    return []
  } catch (error) {
    if (error instanceof NoExperiment) return error.mistakes
    throw error
  }
}

/** What is wrong with values of `--proxy`. */
export async function wrongProxies(specs: string[]): Promise<string[]> {
  if (!specs.length) return []
  const { proxyMistake } = await import('../../../images/proxies/proxies.ts')
  return specs.flatMap((spec) => {
    const mistake = proxyMistake(spec)
    return mistake === null ? [] : [`--proxy ${spec}: ${mistake}`]
  })
}
