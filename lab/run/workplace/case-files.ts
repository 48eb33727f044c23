import { join } from 'node:path'
import { buildSync } from 'esbuild'

/**
 * The file of a user's case with those that it imports, and they in turn: what another machine needs to load it. Packages
 * are not among them; the lab's own are wherever the lab is.
 *
 * @param file its absolute path
 * @returns absolute paths; the file alone where it cannot be read as code, which whoever loads it says
 */
export function filesOfCase(file: string): string[] {
  try {
    const { metafile } = buildSync({
      entryPoints: [file],
      bundle: true,
      write: false,
      metafile: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      outdir: '/',
      absWorkingDir: '/',
      logLevel: 'silent',
    })
    return Object.keys(metafile.inputs).map((path) => join('/', path))
  } catch {
    return [file]
  }
}
