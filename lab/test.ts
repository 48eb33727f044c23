import { spawnSync } from 'node:child_process'
import { glob } from 'zx'
import { ensurePackages } from './prepare/packages.ts'

// Runs every test file (or those whose path holds an argument), one at a time: guests that run side by side would
// spoil each other. Ends with one line of totals, and with status 1 when a test failed or a file broke.

const wanted = process.argv.slice(2)
const files = (await glob('{lab,images,cases}/**/*.test.ts'))
  .filter((file) => wanted.every((part) => file.includes(part)))
  .sort()
await ensurePackages({ install: true, for: ['qemu', 'host'], note: (line) => process.stderr.write(`${line}\n`) })
const totals = { passed: 0, failed: 0, skipped: 0 }
for (const file of files) {
  process.stdout.write(`\n${file}\n`)
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
  process.stdout.write(stdout)
  const count = (what: string) => Number(new RegExp(`^\\s*${what}:\\s+(\\d+)`, 'm').exec(stdout)?.[1] ?? 0)
  const failed = count('Total') - count('Passed')
  totals.passed += count('Passed')
  totals.skipped += count('Skipped')
  // A file that ends badly without a failed test broke outside of one.
  totals.failed += failed || (status === 0 && count('Total') > 0 ? 0 : 1)
}
process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`)
process.exitCode = totals.failed || files.length === 0 ? 1 : 0
