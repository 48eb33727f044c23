import { sum } from 'simple-statistics'
import type { RunOptions } from '../../cli/options/run.ts'
import { type Load, shareNamed } from '../../model/case/load.ts'
import { shardText } from '../../model/result/shard.ts'
import { counted, list, whole } from '../../model/text/amounts.ts'
import { BOOT_SECONDS, KERNEL_SECONDS } from '../../plan/foreseen.ts'
import type { LeftOut, Preview, PreviewCell } from '../../plan/preview.ts'
import { loadDetail } from '../../render/facts/cells/conditions.ts'
import { wrap } from '../../render/terminal/fit.ts'
import { ruled } from '../../render/terminal/ruled.ts'
import type { Previewed, Shards } from './preview.ts'

type Asked = Pick<RunOptions, 'engine' | 'jobs' | 'shard' | 'request'>

/** What a run will come to, for a terminal of so many columns. */
export function previewText({ preview, cellsOfAll, shards }: Previewed, asked: Asked, width: number): string {
  const { cells } = preview
  const of = asked.shard ? `shard ${shardText(asked.shard)}: ${cells.length} of ${whole(cellsOfAll)} cells` : null
  const parts = [
    [`${of ?? counted(cells.length, 'cell')}, ${bootsText(cells)}`],
    cells.length ? [cellTable(cells, width)] : [NOTHING],
    ...leftOutLines(preview, width),
    ...unknownLines(preview, width),
    ...(cells.length ? [wrap(timeText(preview, asked), width)] : []),
    ...(shards ? [wrap(shardsText(shards, asked), width)] : []),
    ['Nothing was booted, fetched or built.'],
  ]
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

const bootsText = (cells: PreviewCell[]) => counted(sum(cells.map(({ boots }) => boots)), 'boot')

const NOTHING = 'Nothing would be measured.'

/** A line for each kernel, proxy and load. */
function cellTable(cells: PreviewCell[], width: number): string {
  const rows = new Map<string, PreviewCell[]>()
  for (const cell of cells) {
    const key = JSON.stringify([cell.kernel, cell.proxy, cell.maxaccept, cell.load, cell.boots])
    rows.set(key, [...(rows.get(key) ?? []), cell])
  }
  return ruled(
    ['kernel', 'proxy', 'load', 'cases', 'boots of each'],
    [...rows.values()].map((same) => {
      const [{ kernel, proxy, maxaccept, load, boots }] = same as [PreviewCell]
      return [
        kernelText(kernel),
        maxaccept === null ? proxy : `${proxy}, maxaccept ${maxaccept}`,
        loadText(load),
        `${same.length}: ${same.map((cell) => cell.case).join(', ')}`,
        `${boots}, with ${load.duration} s of reloads`,
      ]
    }),
    width,
  )
}

const kernelText = (kernel: string) => kernel.replace('vagrant:', '')

/** A load by its name, and what it is where the name does not tell. */
function loadText(load: Load): string {
  const share = shareNamed(load.name)
  if (share !== null) return `${load.name}: open loop, ${Math.round(100 * share)} % of what is found to be carried`
  return `${load.name}: ${load.ab ? 'ab, a ' : ''}${loadDetail(load)}`
}

/** What is left out, of which the same is said once; with its proxies and loads where it is not so with others. */
function leftOutLines({ leftOut, cells }: Preview, width: number): string[][] {
  const said = new Map<string, LeftOut[]>()
  for (const one of leftOut) {
    const key = JSON.stringify([one.kernel, one.case, one.reason])
    said.set(key, [...(said.get(key) ?? []), one])
  }
  if (!said.size) return []
  const lines = [...said.values()].map((same) => {
    const [{ kernel, case: name, reason }] = same as [LeftOut]
    const proxies = [...new Set(same.map(({ proxy }) => proxy))]
    const others = [...leftOut, ...cells].filter((one) => one.kernel === kernel && one.case === name)
    const all = others.every((one) => proxies.includes(one.proxy))
    const elsewhere = cells.some((one) => one.kernel === kernel && one.case === name && proxies.includes(one.proxy))
    const loads = [...new Set(same.flatMap((one) => one.loads))]
    const where = `${all ? '' : ` with ${list(proxies)}`}${elsewhere ? ` under ${list(loads)}` : ''}`
    return `${name} on ${kernelText(kernel)}${where}: ${reason}`
  })
  return [['Left out:', ...lines.flatMap((line) => indented(line, width))]]
}

const indented = (line: string, width: number) =>
  wrap(line, width - 4).map((part, i) => (i === 0 ? `  ${part}` : `    ${part}`))

/** What only a boot tells. */
function unknownLines({ kernels }: Preview, width: number): string[][] {
  const by = (how: string) => kernels.filter((one) => one.by === how).map(({ kernel }) => kernelText(kernel))
  const [guessed, unknown] = [by('version'), by('nothing')]
  const lines = [
    ...(guessed.length
      ? [
          `What ${list(guessed)} can do is known by version alone: each guest is asked first, and what it lacks is left out.`,
        ]
      : []),
    ...(unknown.length
      ? [
          `What ${list(unknown)} can do is not known before ${unknown.length > 1 ? 'their guests are' : 'its guest is'} asked.`,
        ]
      : []),
  ]
  return lines.length ? [lines.flatMap((line) => wrap(line, width))] : []
}

function timeText({ cells, kernels, seconds }: Preview, { engine, jobs = 1, request }: Asked): string {
  const parts = [
    `${bootsText(cells)} with ${duration(seconds.reloading)} of reloads in all and some ${BOOT_SECONDS} s each to start and to end`,
    ...(seconds.capacityBoots
      ? [`${duration(seconds.capacities)} in ${counted(seconds.capacityBoots, 'boot')} that find out what is carried`]
      : []),
    `${KERNEL_SECONDS} s to try ${kernels.length === 1 ? 'the kernel' : `each of ${counted(kernels.length, 'kernel')}`}`,
  ]
  const total = lasting(seconds, jobs)
  const several = jobs > 1 ? `, with ${jobs} boots side by side where there are CPUs for them` : ', one after the other'
  const nodes = engine === 'swarm' && jobs === 1 ? ' The nodes of the Swarm carry several at a time.' : ''
  const sure = request.untilSure
    ? ` Until sure a cell boots up to ${request.boots} times; most are decided earlier, and the sum takes ${cells[0]!.boots}.`
    : ''
  return `About ${duration(total)}${several}. This is a sum and no measurement: ${list(parts)}.${TRYING}${nodes}${sure} What the first run on a machine installs, fetches and builds comes on top.`
}

/** What happens before the first cell of a kernel. */
const TRYING = ' To try a kernel is to start a guest of it, and to ask that what it can do.'

/** How long parts take; boots may run side by side. */
const lasting = ({ reloading, around, total }: Preview['seconds'], jobs = 1) => {
  const booting = reloading + around
  return total - booting + booting / jobs
}

/** What the other shards are to this one: how long all take, and how many machines can be kept busy. */
function shardsText({ each, whole: most, parts }: Shards, { jobs }: Asked): string {
  const times = each.map((seconds) => lasting(seconds, jobs))
  const again = parts > most ? `, and up to ${whole(parts)} where each measures its controls again` : ''
  return `All shards together: ${duration(sum(times))}, the longest ${duration(Math.max(0, ...times))}. This run can keep at most ${counted(most, 'machine')} busy without measuring anything twice${again}.`
}

/** So many minutes are told in hours. */
const MINUTES = 120

/** "40 s", "6 minutes", "3.5 hours" */
function duration(seconds: number): string {
  const minutes = seconds / 60
  if (minutes < 1) return `${Math.round(seconds)} s`
  if (minutes < MINUTES) return counted(Math.round(minutes), 'minute')
  return `${(minutes / 60).toFixed(1)} hours`
}
