import { usage } from '../../lab/model/fault.ts'
import { decompress } from '../cache/decompress.ts'
import { readForeign, Unfit } from '../cache/foreign.ts'

/** Bytes of a module at most: more than a guest has memory for. */
const MOST = 512 * 1024 * 1024

/**
 * The content of a module, unpacked. A guest may print what it gets, so that it gets modules alone, wherever the path
 * leads by now.
 *
 * @throws a Fault (exit 2) where the file is no module
 */
export async function readModule(path: string): Promise<Buffer> {
  const found = await readForeign(path, MOST).catch((error) => {
    throw error instanceof Unfit ? usage(`${path} ${error.message}; expected a kernel module`) : error
  })
  const content = await decompress(found)
  if (content.toString('latin1', 0, 4) !== '\x7fELF') throw usage(`${path} is no kernel module: it is no ELF file`)
  return content
}
