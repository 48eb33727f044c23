import { accessSync, constants, existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { $ } from 'zx'
import { cacheRoot } from '../images/cache.ts'
import { EXIT } from '../images/fault.ts'
import { makeFolders } from '../images/folders.ts'
import { type Check, checkPackages } from '../images/packages.ts'
import { kvmRuns } from './guest/kvm.ts'
import { allowedCpus, cpuNumbers } from './guest/threads.ts'
import { main } from './main.ts'
import { parseFlags } from './plan/flags.ts'

const HELP = `Whether this host is ready: one line a check, with the command that mends it.

Usage: npx tsx lab/doctor.ts

Example:
  npx tsx lab/doctor.ts && npx tsx lab/run.ts --kernel 6.1

Exit status: 0 ready, 3 not.
`
const GIB = 2 ** 30

await main(async (argv) => {
  if (parseFlags(argv, { help: { type: 'boolean' } }, 'lab/doctor.ts').help) {
    process.stdout.write(HELP)
    return EXIT.expected
  }
  const checks = [node(), cpus(), cache(), await disk(), await namespaces(), ...checkPackages()]
  for (const { what, ok, mend } of checks)
    process.stdout.write(`${ok ? 'ok     ' : 'MISSING'} ${what}${ok ? '' : `: ${mend}`}\n`)
  const kvm = existsSync('/dev/kvm') && checkPackages('qemu').every(({ ok }) => ok) && (await kvmRuns())
  process.stdout.write(
    `note    guests run ${kvm ? 'with KVM' : 'under emulation (TCG): no guest starts with KVM here'}\n`,
  )
  return checks.every(({ ok }) => ok) ? EXIT.expected : EXIT.notReady
})

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

async function namespaces(): Promise<Check> {
  const made = await $({ quiet: true, nothrow: true })`unshare --user --map-root-user --net --mount --pid --fork true`
  return {
    what: 'user, network, mount and PID namespaces for --kernel host',
    ok: made.exitCode === 0,
    mend: 'sudo sysctl -w user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1',
  }
}
