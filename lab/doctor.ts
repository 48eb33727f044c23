import { accessSync, constants } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { cacheRoot } from '../images/cache/cache.ts'
import { makeFolders } from '../images/cache/folders.ts'
import { parseFlags } from './cli/flags.ts'
import { main } from './cli/main.ts'
import { parseAccel } from './cli/options.ts'
import { cpuNumbers } from './guest/cpus.ts'
import { GUESTS } from './guest/guests.ts'
import { allowedCpus } from './guest/threads.ts'
import type { Check } from './model/check.ts'
import { EXIT } from './model/fault.ts'
import { attempts, kvmRefuses } from './prepare/kvm.ts'
import { checkPackages } from './prepare/packages.ts'

const HELP = `Whether this host is ready: one line a check, with the command that mends it. Boots nothing.

Usage: npx tsx lab/doctor.ts [--accel auto|kvm|tcg]

  --accel kvm   KVM is a must: its device opens, and no kernel that was tried with it since this host booted failed
  --accel tcg   KVM does not matter

Example:
  npx tsx lab/doctor.ts && npx tsx lab/run.ts --kernel 6.1

Exit status: 0 ready, 3 not.
`
const GIB = 2 ** 30

await main(async (argv) => {
  const { help, accel } = parseFlags(argv, { accel: { type: 'string' }, help: { type: 'boolean' } }, 'lab/doctor.ts')
  if (help) {
    process.stdout.write(HELP)
    return EXIT.expected
  }
  const asked = parseAccel({ accel })
  const must = asked === 'kvm' ? await kvm() : []
  const guests = await Promise.all(Object.values(GUESTS).map(({ checks }) => checks()))
  const checks = [node(), cpus(), cache(), await disk(), ...guests.flat(), ...checkPackages(), ...must]
  for (const { what, ok, mend } of checks)
    process.stdout.write(`${ok ? 'ok     ' : 'MISSING'} ${what}${ok ? '' : `: ${mend}`}\n`)
  if (asked === 'auto')
    for (const { what, ok } of await kvm())
      process.stdout.write(`note    ${what}${ok ? '' : '; it takes emulation (TCG) instead'}\n`)
  return checks.every(({ ok }) => ok) ? EXIT.expected : EXIT.notReady
})

/** What is known of KVM here: whether its device opens, and what came of it with each kernel that was tried. */
async function kvm(): Promise<Check[]> {
  const closed = kvmRefuses()
  if (closed) return [{ what: `KVM: ${closed}`, ok: false, mend: 'npx tsx lab/run.ts --accel tcg …' }]
  const known = [...(await attempts()).values()]
  const tried = known.map(({ kernel, boots, said, at }) => ({
    what: `${kernel} with KVM, tried ${at}: ${boots ? 'it boots' : said}`,
    ok: boots,
    mend: 'npx tsx lab/run.ts --accel kvm … tries again',
  }))
  const others = `KVM opens; ${known.length ? 'other kernels are' : 'each kernel is'} tried once, before the first cell`
  return [...tried, { what: others, ok: true }]
}

function node(): Check {
  return {
    what: `Node.js 20 or later (${process.version})`,
    ok: Number(process.versions.node.split('.')[0]) >= 20,
    mend: 'install Node.js 20 or later, see https://nodejs.org',
  }
}

function cpus(): Check {
  const mine = cpuNumbers(allowedCpus('self')).length
  return {
    what: `two CPUs, one for the proxy and one for the generator (${mine})`,
    ok: mine >= 2,
    mend: 'run on a machine with two CPUs, or with a wider taskset',
  }
}

function cache(): Check {
  const path = cacheRoot()
  const check = { what: `a cache that can be written (${path})`, ok: true, mend: 'XDG_CACHE_HOME=/some/writable/dir' }
  try {
    makeFolders(path)
    accessSync(path, constants.W_OK)
    return check
  } catch {
    return { ...check, ok: false }
  }
}

async function disk(): Promise<Check> {
  const check = { what: '2 GiB free for the cache', mend: 'free some space, or move the cache with XDG_CACHE_HOME' }
  try {
    const { bavail, bsize } = await statfs(cacheRoot())
    return { ...check, ok: bavail * bsize >= 2 * GIB }
  } catch {
    return { ...check, ok: false }
  }
}
