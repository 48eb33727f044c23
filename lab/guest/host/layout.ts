import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ENTER, layOutRoot } from '../../../images/rootfs/layout.ts'
import type { Boot } from '../guest.ts'

/** Lays the root file system of a guest out in a directory, with the files of its cell. */
export async function layOutCell(boot: Pick<Boot, 'root' | 'proxy' | 'files'>, root: string) {
  await layOutRoot(root, boot.root, boot.proxy)
  for (const [name, content] of Object.entries(boot.files)) await writeFile(join(root, 'cell', name), content)
}

/** The same for somebody who uses it by hand, on this machine or another: with `enter`, which opens the shell of the cell. */
export async function layOutForHands(boot: Boot, root: string) {
  await layOutCell(boot, root)
  await writeFile(join(root, 'cell/modules'), boot.modules.map((module) => `${module}\n`).join(''))
  await writeFile(join(root, 'enter'), await readFile(ENTER), { mode: 0o755 })
}
