import { accessSync, constants, mkdirSync, symlinkSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { scratch } from '../../../images/cache/cache.ts'
import { usage } from '../../model/fault.ts'
import { said } from '../../saved/version/provenance.ts'

/** The name by which the lab finds QEMU on the PATH. */
const NAME = 'qemu-system-x86_64'
const EXPECTED = 'two programs, or scripts that start them, with a colon between'
const EXAMPLE = `HITLESS_QEMUS=/usr/bin/${NAME}:/opt/qemu-10/bin/${NAME} npm run bench -- qemu`

/** A QEMU that stands first on the PATH while it is used. */
export interface Program {
  /** What it says its version is. */
  version: string
  use: <T>(work: () => Promise<T>) => Promise<T>
}

/**
 * The two programs that HITLESS_QEMUS names.
 *
 * @throws a Fault (exit 2) where they are not two, or one of them does not say its version
 */
export async function withPrograms<T>(
  named: string | undefined,
  work: (programs: [Program, Program]) => Promise<T>,
): Promise<T> {
  const paths = (named ?? '').split(delimiter).filter(Boolean)
  if (paths.length !== 2)
    throw usage(`HITLESS_QEMUS: ${named ? `"${named}"` : 'not set'}; expected ${EXPECTED}`, EXAMPLE)
  const [one, other] = paths as [string, string]
  return scratch('bench', async (folder) =>
    work([await program(one, join(folder, 'A')), await program(other, join(folder, 'B'))]),
  )
}

/** @param bin a folder that is made for it */
async function program(path: string, bin: string): Promise<Program> {
  const version = (isExecutable(path) ? await said(resolve(path), '--version') : null)?.split('\n')[0]
  if (!version) throw usage(`HITLESS_QEMUS: ${path} does not say its version; expected ${EXPECTED}`, EXAMPLE)
  mkdirSync(bin)
  symlinkSync(resolve(path), join(bin, NAME))
  return {
    version,
    use: async (work) => {
      const before = process.env.PATH
      process.env.PATH = [bin, before].join(delimiter)
      try {
        return await work()
      } finally {
        process.env.PATH = before
      }
    },
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
