import { DISTRIBUTION, fullSpecs, isOfDistribution } from '../../../images/proxies/proxies.ts'
import { wrongCases, wrongExperiments, wrongKernels, wrongProxies } from './known.ts'
import type { Name } from './table.ts'

// What the verbs share that say what is measured.

/** `--haproxy X` is short for `--proxy haproxy:X`. */
const long = (which: string) => `haproxy:${which}`

/** All proxies, each once; without a series they have their default one. Null where none is asked for. */
export function proxiesOf(proxies: string[] = [], haproxies: string[] = []): string[] | null {
  const all = fullSpecs([...proxies, ...haproxies.map(long)])
  return all.length ? all : null
}

/** What is wrong with the names that were typed: of kernels, cases, experiments and proxies. */
export async function unknownNames(typed: Partial<Record<Name, string[]>>): Promise<string[]> {
  // What is no name at all is found wrong by the option's own schema.
  const names = (list: string[] = []) => list.filter((name) => name && !name.includes(','))
  const haproxies = await wrongProxies(names(typed.haproxies).map(long))
  return [
    ...(await wrongKernels(names(typed.kernels))),
    ...(await wrongCases(names(typed.cases))),
    ...(await wrongExperiments(names(typed.experiments))),
    ...(await wrongProxies(names(typed.proxies))),
    ...haproxies.map((mistake) => mistake.replace('--proxy haproxy:', '--haproxy ')),
  ]
}

/**
 * What is wrong with the proxies of a distribution that were typed where no machine has one.
 *
 * @param instead what the verb expects
 */
export const withoutMachine = (typed: Partial<Record<Name, string[]>>, instead = NO_MACHINE): string[] => [
  ...(typed.proxies ?? []).filter(isOfDistribution).map((spec) => `--proxy ${spec}: ${instead}`),
  ...(typed.haproxies ?? []).filter((which) => which === DISTRIBUTION).map((which) => `--haproxy ${which}: ${instead}`),
]

const NO_MACHINE = 'expected beside --guest vagrant, whose machines have a distribution; the lab builds its own'
export const NO_KERNEL = '--kernel is missing: name the kernel to measure, for example --kernel 6.1'
export const TWO_EXCHANGES =
  '--banner: not beside --keep-alive, since a connection is greeted once and carries one line; run them one after the other'
