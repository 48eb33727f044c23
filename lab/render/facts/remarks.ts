import type { Result, ResultCell } from '../../model/result.ts'
import { list, whole } from '../../model/text.ts'
import { type Flag, flags } from './account.ts'
import type { Group } from './groups.ts'

/** Cells whose verdict must be seen: all but the expected ones. */
export const unexpected = (all: Group[]): { group: Group; cell: ResultCell }[] =>
  all.flatMap((group) => group.cells.filter(({ verdict }) => verdict !== 'expected').map((cell) => ({ group, cell })))

/** What disturbed cells, by kind, in words: "none on 4.9: its CPUs were taken by others 23 % of the time". */
export function disturbed(all: Group[]): { word: Flag['word']; cells: string[] }[] {
  const found = all.flatMap(({ label, cells }) =>
    cells.flatMap((cell) =>
      flags(cell).map(({ word, why }) => {
        const where = all.length > 1 ? `${cell.case} on ${label}` : cell.case
        return { word, text: why ? `${where}: ${why}` : where }
      }),
    ),
  )
  return (['noisy', 'overloaded'] as const).flatMap((word) => {
    const cells = found.filter((one) => one.word === word).map(({ text }) => text)
    return cells.length ? [{ word, cells }] : []
  })
}

/** The kernels that were unavailable, and so were skipped as a whole. */
export const unavailable = (result: Result) => result.skipped.filter((skipped) => skipped.case === '*')

/** "run 6.1" or "comparison of a and b"; when it began, how long it took, and by which version of the lab. */
export function provenance({ name, started, seconds, lab }: Result, runs: string[] | undefined): string[] {
  return [
    runs ? `comparison of ${list([...new Set(runs)])}` : `run ${name}`,
    started.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'),
    `${whole(seconds)} s`,
    `hitless ${lab.version}${lab.commit ? ` (${lab.commit})` : ''}`,
  ]
}

/** The machine that a run was made on. */
export const hostText = ({ host: { kernel, cpu, cpus, qemu } }: Result) =>
  `Linux ${kernel}, ${cpus} × ${cpu}${qemu ? `, ${qemu}` : ''}`

/** The address of a file in the folder of the run. */
export const addressOf = (...path: string[]) =>
  `./${path
    .flatMap((part) => part.split('/'))
    .map(encodeURIComponent)
    .join('/')}`

/** A case's commands as a script, by moment. */
export const scriptOf = (commands: Record<string, string[]>) =>
  Object.entries(commands)
    .filter(([, lines]) => lines.length > 0)
    .map(([moment, lines]) => `# ${moment}\n${lines.join('\n')}`)
    .join('\n')
