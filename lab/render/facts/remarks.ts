import { sentAgain, understated } from '../../measure/doubts/understated.ts'
import { shardText } from '../../model/result/shard.ts'
import { type Boot, isMeasured, type Result, type Verdict } from '../../model/result.ts'
import { counted, list, whole } from '../../model/text/amounts.ts'
import { labText } from '../../model/text/lab.ts'
import { flags, lost } from './cells/account.ts'
import type { Group } from './groups/groups.ts'
import { severalOfOne } from './groups/shards.ts'
import { changedMeanwhile, type Unlike, unlike } from './machines/hosts.ts'
import { kindsText } from './machines/machines.ts'
import { unlikeSpeeds } from './machines/speeds.ts'
import { doubtedLoads } from './misjudged.ts'

/** Something that must be seen before any table: what is not as expected, not comparable, or not there. */
export interface Remark {
  word:
    | Verdict
    | 'noisy'
    | 'overloaded'
    | 'understated'
    | 'misjudged'
    | 'uncertain'
    | 'moved'
    | 'skipped'
    | 'interrupted'
    | 'missing'
    | 'mixed'
    | 'one-core'
  /** What it is said of, each once. */
  of: Subject[]
  text: string
  /** The last lines of the console of a cell that failed. */
  console: string[]
}

/** A cell of which something is said. */
export interface Subject {
  /** A case, or a kernel that was unavailable, or a shard; of what concerns all of a run, the run. */
  name: string
  /** The kernel and load, where there are several. */
  on?: string
  /** What differs from the others of which the same is said: "326 SYNs". */
  detail?: string
}

/** The remarks of a result: one for all cells of which the same is said. */
export const remarksOf = (result: Result, all: Group[]): Remark[] => shortened(merged(eachRemark(result, all)))

/** Of more disturbances of one kind nobody reads each. */
const FEW_DISTURBED = 4

/** Where many cells were disturbed one remark names all of them, and what disturbed the first. */
function shortened(remarks: Remark[]): Remark[] {
  return remarks.flatMap((remark) => {
    if (remark.word !== 'noisy' && remark.word !== 'overloaded') return [remark]
    const alike = remarks.filter(({ word }) => word === remark.word)
    if (alike.length <= FEW_DISTURBED) return [remark]
    if (remark !== alike[0]) return []
    const of = alike.flatMap((one) => one.of)
    const [why] = remark.text.split('; ')
    return [{ ...remark, of, text: `${why} in the first; result.json has the reason of each; ${LEFT_OUT}` }]
  })
}

const LEFT_OUT = 'left out of headlines and comparisons'

/** What has a console of its own stands alone. */
function merged(remarks: Remark[]): Remark[] {
  const byText = new Map<string, Remark>()
  for (const [i, remark] of remarks.entries()) {
    const key = JSON.stringify([remark.word, remark.text, ...(remark.console.length > 0 ? [i] : [])])
    const same = byText.get(key)
    byText.set(key, same ? { ...same, of: [...same.of, ...remark.of] } : remark)
  }
  return [...byText.values()]
}

function eachRemark(result: Result, all: Group[]): Remark[] {
  const several = all.length > 1
  const cells = all.flatMap((group) => group.cells.map((cell) => ({ group, cell })))
  const interrupted = { word: 'interrupted' as const, of: [{ name: result.name }], console: [] }
  return [
    ...(result.interrupted ? [{ ...interrupted, text: 'only the cells that had ended by then are here' }] : []),
    ...missingShards(result),
    ...mixedMachines(result, all),
    ...mixedKernels(result),
    ...onOneCore(result, several, all),
    ...cells.flatMap(({ group, cell }): Remark[] => {
      if (cell.verdict === 'expected') return []
      const { verdict: word, case: name, reason: text } = cell
      return [{ word, of: [{ name, on: several ? group.title : undefined }], text, console: consoleOf(cell) }]
    }),
    ...cells.flatMap(({ group, cell }) =>
      flags(cell).map(({ word, why }): Remark => {
        const loss = isMeasured(cell) ? `${counted(lost(cell), 'connection')} lost, ` : ''
        const text = `${why}; ${loss}${LEFT_OUT}`
        return { word, of: [{ name: cell.case, on: several ? group.label : undefined }], text, console: [] }
      }),
    ),
    ...cells.flatMap(({ group, cell }): Remark[] => {
      if (!isMeasured(cell) || understated(cell, cell.load) === null) return []
      const detail = counted(sentAgain(cell.wire), 'SYN')
      const of = [{ name: cell.case, on: several ? group.label : undefined, detail }]
      return [{ word: 'understated', of, text: UNDERSTATED, console: [] }]
    }),
    ...doubtedLoads(result, all).map(({ word, group, text, detail }): Remark => {
      const of = [{ name: group.load.name, on: group.place, ...(detail && { detail }) }]
      return { word, of, text, console: [] }
    }),
    ...(result.capacities ?? []).flatMap(({ kernel, proxy, lost = [], machine }) =>
      movedTexts('the boots that find it out were', lost, machine).map((text): Remark => {
        return { word: 'moved', of: [{ name: 'capacity', on: `${kernel} with ${proxy}` }], text, console: [] }
      }),
    ),
    ...cells.flatMap(({ group, cell }): Remark[] => {
      const of = [{ name: cell.case, on: several ? group.label : undefined }]
      return cell.eachBoot.flatMap((boot) => movedText(boot).map((text) => ({ word: 'moved', of, text, console: [] })))
    }),
    ...result.skipped.map(
      ({ kernel, proxy, case: name, reason: text }): Remark =>
        name === '*'
          ? { word: 'skipped', of: [{ name: kernel }], text, console: [] }
          : { word: 'skipped', of: [{ name, on: proxy ? `${kernel} with ${proxy}` : kernel }], text, console: [] },
    ),
  ]
}

/** A boot whose machine went away, and where it was run again. */
const movedText = ({ folder, lost, machine }: Boot) => movedTexts(`${folder.split('/').at(-1)} was`, lost, machine)

/** @param who with its verb */
const movedTexts = (who: string, lost: Boot['lost'] = [], machine: Boot['machine']): string[] =>
  lost.map(
    ({ node, reason }) =>
      `${who} lost on ${node} (${reason}) and run again${machine?.name ? ` on ${machine.name}` : ''}`,
  )

/** What is not there because nobody measured it, or its result was not given. */
function missingShards({ shards }: Result): Remark[] {
  if (!shards?.missing.length) return []
  const of = shards.missing.map((index) => ({ name: `shard ${shardText({ index, of: shards.of })}` }))
  return [{ word: 'missing', of, text: 'what it measures is not here', console: [] }]
}

/** What was not measured on machines that are alike. */
function mixedMachines(result: Result, all: Group[]): Remark[] {
  const mixed = (text: string): Remark => ({ word: 'mixed', of: [{ name: result.name }], text, console: [] })
  const kinds = kindsText(all)
  return [
    ...(kinds === null ? [] : [mixed(`${DIFFERENT_KINDS}: ${kinds}`)]),
    ...unlikeSpeeds(all).map(({ kind, guests, each }) => {
      const times = each.map(({ us, machines }) => `${us} µs on ${list(machines)}`)
      return mixed(`${ONE_NAME}: ${kind} took for the same work, in guests of ${guests}, ${times.join('; ')}`)
    }),
    ...mixedHosts(result).map(({ what, why, each }) => {
      const places = each.map(({ value, places }) =>
        places.length ? `${value} in ${numbered('shard', places)}` : value,
      )
      return mixed(`not one ${what}, and ${why}: ${places.join('; ')}`)
    }),
  ]
}

/** What ran on two threads of one core: the run, or those of its cells of which that is so. */
function onOneCore({ name, cells }: Result, several: boolean, all: Group[]): Remark[] {
  const isOf = ({ eachBoot }: Result['cells'][number]) => eachBoot.some(({ oneCore }) => oneCore)
  if (!cells.some(isOf)) return []
  const some = all.flatMap((group) =>
    group.cells.filter(isOf).map((cell) => ({ name: cell.case, on: several ? group.label : undefined })),
  )
  return [{ word: 'one-core', of: cells.every(isOf) ? [{ name }] : some, text: ONE_CORE, console: [] }]
}

const ONE_CORE =
  'proxy and generator had two threads of one physical core, and slowed each other: compare only with what ran so, too'

const DIFFERENT_KINDS = 'measured on different kinds of CPU, so that what differs between them may be the machine'
const ONE_NAME = 'one kind of CPU by its name, and not equally fast, so that what differs may be the machine'

/** What the shards of a run, or its parts before and after an interruption, do not have in common. */
function mixedHosts({ host, cells, shards }: Result): Unlike[] {
  if (!shards) return changedMeanwhile({ name: '', host, cells })
  return unlike(
    shards.each.map(({ index, host, sources }) => ({
      name: `${index}`,
      host,
      sources,
      cells: cells.filter(({ shard }) => shard === index),
    })),
  )
}

const numbered = (noun: string, numbers: string[]) => `${noun}${numbers.length > 1 ? 's' : ''} ${list(numbers)}`

/** What shards asked for by one name, and found different kernels for. */
const mixedKernels = (result: Result): Remark[] =>
  severalOfOne(result).map(({ asked, kernels }) => {
    const each = kernels.map(({ name, shards }) => `${name} in ${numbered('shard', shards.map(String))}`)
    const text = `not one kernel in all shards, so that what differs between them may be the kernel: ${each.join('; ')}`
    return { word: 'mixed', of: [{ name: `--kernel ${asked}` }], text, console: [] }
  })

/** How many they were stands with each cell. */
const UNDERSTATED =
  'refused is a lower bound: SYNs met the TIME_WAIT of their port while nobody listened, and were sent again'

const consoleOf = (cell: Result['cells'][number]) => (isMeasured(cell) ? [] : cell.consoleTail)

/** The kernels that were unavailable, and so were skipped as a whole. */
export const unavailable = (result: Result) => result.skipped.filter((skipped) => skipped.case === '*')

/** "run 6.1" or "comparison of a and b"; when it began, how long it took, and by which version of the lab. */
export function provenance({ name, started, seconds, lab, shards }: Result, runs: string[] | undefined): string[] {
  const parts = shards ? ` in ${counted(shards.each.length, 'shard')}` : ''
  return [
    runs ? `comparison of ${list([...new Set(runs)])}` : `run ${name}${parts}`,
    started.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'),
    `${whole(seconds)} s`,
    `hitless ${lab.commit || lab.files ? labText(lab) : lab.version}`,
  ]
}

/** The address of a file in the folder of the run. */
export const addressOf = (...path: string[]) =>
  `./${path
    .flatMap((part) => part.split('/'))
    .map(encodeURIComponent)
    .join('/')}`
