import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { ensurePackages } from '../prepare/packages.ts'
import { type Totals, totalsOf } from './totals.ts'

const MEND = fileURLToPath(new URL('./mend.ts', import.meta.url))

/** Whether a test file may boot guests, build programs and use the network: it says so in its name. */
export const isSystemTest = (file: string) => file.endsWith('.system.test.ts')

/** Tests of whole labs that measure nothing, or nothing that must be quiet. */
const WHOLE = ['broken-kernels', 'floods', 'image', 'imports', 'newest-kernels', 'schedulers', 'tsx']

/**
 * Those that read, fetch and build, and measure nothing: they may share the machine. What others find built is built
 * meanwhile: tools and proxies of guests, and the image of workers.
 */
const SHARING = new RegExp(
  `^(images/(cache|debian|kernels|proxies|rootfs|userland)/|lab/(fuzz|measure|prepare|render|saved)/|lab/(compare|list|run/aside|verify)\\.|lab/e2e/(${WHOLE.join('|')})\\.)`,
)

/** How many of them run at a time. */
const LANES = 2

/** Installs what such tests need of the host. */
export const ensureHost = (signal: AbortSignal) =>
  ensurePackages({
    install: 'always',
    for: ['qemu', 'host'],
    note: (line) => process.stderr.write(`${line}\n`),
    signal,
  })

/**
 * Runs test files, each in a process of its own; installs what they need of the host. First those that may share the
 * machine, then the others, one at a time.
 */
export async function runSystemTests(
  files: string[],
  signal: AbortSignal,
  print: (text: string) => unknown = (text) => process.stdout.write(text),
): Promise<Totals[]> {
  if (files.length) await ensureHost(signal)
  const totals: Totals[] = []
  const each = async (queue: string[], alone = false) => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      signal.throwIfAborted()
      const title = `\n${file}\n`
      // Who waits sees what runs; what two files say at a time must not be mixed.
      if (alone) print(title)
      const { said, endedWell } = await runFile(file, signal)
      print(alone ? said : `${title}${said}`)
      totals.push(totalsOf(said, endedWell))
    }
  }
  // Those that take the longest are not among the first by name.
  const sharing = files.filter((file) => SHARING.test(file)).reverse()
  await Promise.all(Array.from({ length: LANES }, () => each(sharing)))
  await each(
    files.filter((file) => !SHARING.test(file)),
    true,
  )
  return totals
}

async function runFile(file: string, signal: AbortSignal): Promise<{ said: string; endedWell: boolean }> {
  const test = spawn(process.execPath, ['--import', 'tsx', '--import', MEND, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  })
  const [said, [status]] = await Promise.all([text(test.stdout), once(test, 'close')])
  return { said, endedWell: status === 0 }
}
