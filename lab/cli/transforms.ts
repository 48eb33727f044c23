import { lstatSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { notReady } from '../model/fault.ts'
import type { Check } from '../model/text/check.ts'

// What tsx compiles it keeps in files, and what it finds in them it runs. lab/tsx keeps them out of /tmp, before any code
// of the lab runs. This is for those who start the lab with another tsx: what has been loaded until then, nobody can check.

/** What lab/tsx/loader.mjs leaves: the folder, or null where nothing is kept. */
const OWN = Symbol.for('hitless: what tsx compiles')
const own = (): { folder: string | null } | undefined =>
  (globalThis as Record<symbol, { folder: string | null } | undefined>)[OWN]

const MEND = 'npm ci, and the same again with npx tsx'

/** Whether another user can lay code where the lab would run it. */
export function checkTransforms(): Check {
  const kept = own()
  if (!kept) {
    const what = 'what tsx compiles, where nobody else can write'
    return { what: `${what}: ${openToOthers() ?? 'it was another tsx'}`, ok: false, mend: MEND }
  }
  return { what: `what tsx compiles: ${kept.folder ? `private, in ${kept.folder}` : 'nothing is kept'}`, ok: true }
}

/**
 * Refuses to go on with a tsx that is not the lab's and keeps its files where another user can write.
 *
 * @throws a Fault (exit 3)
 */
export function refuseForeignTransforms(): void {
  const why = own() ? null : openToOthers()
  if (why) throw notReady(`the lab was started with another tsx than its own: ${why}`, MEND)
}

/** Why somebody else can write where tsx by itself keeps its files, as far as the folder tells; null when none can. */
function openToOthers(): string | null {
  const user = process.geteuid!()
  const folder = join(tmpdir(), `tsx-${user}`)
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (!found) return null
  const wanted = `expected a folder of user ${user}'s in which nobody else can write`
  if (!found.isDirectory()) return `${folder} is no folder: ${wanted}`
  if (found.uid !== user) return `${folder} is user ${found.uid}'s: ${wanted}`
  return found.mode & 0o022 ? `${folder} has the mode ${(found.mode & 0o777).toString(8)}: ${wanted}` : null
}
