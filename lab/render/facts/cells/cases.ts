import { isDeepStrictEqual } from 'node:util'
import type { CaseFacts, Result, ResultCell } from '../../../model/result.ts'

/** What a case is with a proxy. */
export const factsOfCase = ({ cases }: Pick<Result, 'cases'>, name: string, proxy: string): CaseFacts | undefined =>
  cases.find((facts) => facts.name === name && (facts.proxy === undefined || facts.proxy === proxy))

/** The cases that have cells here, as they are with the proxies of those cells. */
export const casesRun = (result: Pick<Result, 'cases' | 'cells'>): CaseFacts[] => {
  const run = result.cells.map((cell: ResultCell) => factsOfCase(result, cell.case, cell.proxy.name))
  return result.cases.filter((facts) => run.includes(facts))
}

/** "Stop and start", with the proxy where a case differs between proxies. */
export const caseTitle = ({ title, proxy }: CaseFacts) => (proxy ? `${title} (${proxy})` : title)

/** How the clients of a case differ from those that the run asked for, in words; undefined: they do not. */
export const clientWords = ({ client }: CaseFacts): string | undefined =>
  client &&
  [client.fusedAck && 'fuse ACK and request', client.closeWithRst && 'close with a RST'].filter(Boolean).join(', ')

/**
 * A cell under the load that its run asked for, so that it stands beside the others of that load: how the clients of its
 * case differ is part of the case.
 */
export function asAsked(result: Pick<Result, 'cases'>, cell: ResultCell): ResultCell {
  const client = factsOfCase(result, cell.case, cell.proxy.name)?.client
  if (!client) return cell
  const { fusedAck, closeWithRst } = cell.load
  return {
    ...cell,
    load: { ...cell.load, fusedAck: fusedAck && !client.fusedAck, closeWithRst: closeWithRst && !client.closeWithRst },
  }
}

/** What is between clients and proxy, in words; undefined where it is the loopback. */
export const networkText = ({ network }: CaseFacts): string | undefined =>
  network && 'the clients are in a network namespace of their own, behind a veth pair, and come in at veth0'

/** A case's commands as a script, by moment. */
export const scriptOf = ({ commands }: CaseFacts) =>
  Object.entries(commands)
    .filter(([, lines]) => lines.length > 0)
    .map(([moment, lines]) => `# ${moment}\n${lines.join('\n')}`)
    .join('\n')

/** The cases of a run, each told with the proxy of the run where it has but one, so that other runs may have another. */
export function casesWithProxy({ cases, cells }: Pick<Result, 'cases' | 'cells'>): CaseFacts[] {
  const [proxy, ...others] = new Set(cells.map((cell) => cell.proxy.name))
  return others.length > 0 ? cases : cases.map((facts) => ({ ...facts, proxy: facts.proxy ?? proxy }))
}

/** The cases of several runs: each once, the last one counts; without their proxy where they are the same with each. */
export function mergedCases(results: Pick<Result, 'cases' | 'cells'>[]): CaseFacts[] {
  const keyOf = ({ name, proxy }: CaseFacts) => JSON.stringify([name, proxy])
  const latest = [...new Map(results.flatMap(casesWithProxy).map((facts) => [keyOf(facts), facts])).values()]
  const merged = latest.map((facts) => {
    const all = latest.filter(({ name }) => name === facts.name).map(withoutProxy)
    return all.every((other) => isDeepStrictEqual(other, all[0])) ? withoutProxy(facts) : facts
  })
  return [...new Map(merged.map((facts) => [keyOf(facts), facts])).values()]
}

const withoutProxy = ({ proxy: _, ...facts }: CaseFacts): CaseFacts => facts
