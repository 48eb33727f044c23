import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { cellFiles } from '../guest/files.ts'
import { bootFolder, type Start } from '../model/cell.ts'
import type { MeasuredCell, Result, ResultCell } from '../model/result.ts'
import { list } from '../model/text/amounts.ts'
import { commandText } from '../saved/boot-folder.ts'
import { readSaved } from '../saved/foreign.ts'
import type { SavedRun } from '../saved/run.ts'
import { checkCapacities } from './capacities.ts'
import { about, type Finding } from './finding.ts'

/**
 * Whether guests were given what the plan says, and were started as the result says.
 *
 * @param alike whether the lab that made the run is this one, so that it would give guests the same
 */
export function checkGuests(folder: string, result: Result, plan: SavedRun | null, alike: boolean): Finding[] {
  const boots = (plan?.cells ?? []).flatMap((cell) =>
    Array.from({ length: cell.boots }, (_, i): Start => ({ cell, boot: i + 1 })),
  )
  return [
    ...boots.map((start) => checkFiles(folder, start, alike)),
    ...result.cells.flatMap((cell) => cell.eachBoot.map((boot) => checkCommand(folder, cell, boot))),
    ...checkCapacities(folder, result, plan),
  ]
}

const where = (...path: string[]) => path.join('/')

/** The files of a boot's guest, made anew from its plan. */
function checkFiles(folder: string, { cell, boot }: Start, alike: boolean): Finding {
  const { ok, differs, unchecked } = about('guest files')
  const of = where(cell.name, bootFolder(boot), 'cell')
  const saved = filesIn(join(folder, of))
  if (!saved) return unchecked(of, 'they were not kept')
  // A boot that failed before that got none.
  if (!Object.keys(saved).length) return unchecked(of, 'there are none')
  const cpus = cpusOf(saved.env ?? '')
  if (!cpus) return differs(of, 'env does not say which CPUs the guest was given')
  const now = cellFiles(cell, cpus)
  const other = [...new Set([...Object.keys(saved), ...Object.keys(now)])].filter((name) => saved[name] !== now[name])
  if (!other.length) return ok(of, 'as the plan says')
  if (alike) return differs(of, `not as the plan says: ${list(other)}`)
  return unchecked(of, `this version of the lab would write other files: ${list(other)}`)
}

function filesIn(folder: string): Record<string, string> | null {
  if (!existsSync(folder)) return null
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readSaved(join(folder, name))]))
}

/** The CPUs that a guest was given, which are those of the machine that it ran on; null: it does not say. */
function cpusOf(env: string): Parameters<typeof cellFiles>[1] | null {
  const cpu = (name: string) => new RegExp(`^${name}='(\\d{1,4})'$`, 'm').exec(env)?.[1]
  const [proxy, generator] = [cpu('PROXY_CPU'), cpu('LOAD_CPU')]
  return proxy && generator ? { proxy: Number(proxy), generator: Number(generator) } : null
}

/** The command that started a guest: in the result, and beside its events. */
function checkCommand(folder: string, cell: ResultCell, boot: MeasuredCell['eachBoot'][number]): Finding {
  const { ok, differs, unchecked } = about('command')
  const of = where(cell.folder, boot.folder, 'command.txt')
  const file = join(folder, of)
  if (!existsSync(file)) return unchecked(of, 'it was not kept')
  const same = readSaved(file) === commandText(boot.command)
  return same ? ok(of, 'as result.json says') : differs(of, 'not as result.json says')
}
