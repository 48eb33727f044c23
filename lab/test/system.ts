import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensurePackages } from '../prepare/packages.ts'
import { type Totals, totalsOf } from './totals.ts'

const MEND = fileURLToPath(new URL('./mend.ts', import.meta.url))

/** Whether a test file may boot guests, build programs and use the network: it says so in its name. */
export const isSystemTest = (file: string) => file.endsWith('.system.test.ts')

/** Runs test files one at a time, each in a process of its own, as it prints; installs what they need of the host. */
export async function runSystemTests(
  files: string[],
  signal: AbortSignal,
  print: (text: string) => unknown = (text) => process.stdout.write(text),
): Promise<Totals[]> {
  if (files.length)
    await ensurePackages({ install: true, for: ['qemu', 'host'], note: (line) => process.stderr.write(`${line}\n`) })
  return files.map((file) => {
    signal.throwIfAborted()
    print(`\n${file}\n`)
    const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', '--import', MEND, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    })
    print(stdout)
    return totalsOf(stdout, status === 0)
  })
}
