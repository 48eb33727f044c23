import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { layOutRoot } from '../../../images/rootfs/layout.ts'
import type { Boot } from '../guest.ts'

/** Lays the root file system of a guest out in a directory, with the files of its cell. */
export async function layOutCell(boot: Boot, root: string) {
  await layOutRoot(root, boot.root, boot.proxy)
  for (const [name, content] of Object.entries(boot.files)) await writeFile(join(root, 'cell', name), content)
}
