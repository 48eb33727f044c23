import { accessSync, constants } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { cacheRoot } from '../../images/cache/cache.ts'
import { makeFolders } from '../../images/cache/folders.ts'
import { compareVersions } from '../../images/debian/version.ts'
import { checkTransforms } from '../cli/transforms.ts'
import type { Daemon } from '../engine/docker/daemon.ts'
import { cpuNumbers } from '../guest/cpus/pairs.ts'
import { GUESTS } from '../guest/guests.ts'
import { allowedCpus } from '../guest/threads.ts'
import { Fault } from '../model/fault.ts'
import { list } from '../model/text/amounts.ts'
import type { Check } from '../model/text/check.ts'
import { type Attempt, attempts, kvmRefuses } from '../prepare/kvm.ts'
import { checkPackages } from '../prepare/packages.ts'

const GIB = 2 ** 30

/** What every run needs of the host. */
export const checkHost = async (): Promise<Check[]> => [
  node(),
  checkTransforms(),
  cpus(),
  cache(),
  await disk(),
  ...(await Promise.all(Object.values(GUESTS).map(({ checks }) => checks()))).flat(),
  ...checkPackages(),
]

/** What a run with `--guest vagrant` needs: cells are built here, and run in machines of Vagrant's. */
export async function checkMachines(): Promise<Check[]> {
  const { checkVagrant } = await import('../guest/vagrant/checks.ts')
  return [node(), checkTransforms(), cache(), await disk(), ...checkPackages(['vagrant']), ...(await checkVagrant())]
}

/** What a run with `--engine docker` needs: of the host little, of the daemon that it answers. */
export async function checkDocker(): Promise<Check[]> {
  const { reachDaemon } = await import('../engine/docker/daemon.ts')
  return [node(), checkTransforms(), cache(), ...(await reachDaemon().then(daemonChecks, (error) => [noDaemon(error)]))]
}

/** The same with `--engine swarm`: and a Swarm that the daemon manages. */
export async function checkSwarm(): Promise<Check[]> {
  const [{ reachDaemon }, { readyNodes }] = await Promise.all([
    import('../engine/docker/daemon.ts'),
    import('../engine/swarm/nodes/nodes.ts'),
  ])
  const nodes = reachDaemon().then(readyNodes)
  const check: Promise<Check> = nodes.then(
    ({ nodes }) => ({ what: `a Swarm: ${list(nodes.map(({ name }) => name))}`, ok: true }),
    noDaemon,
  )
  const docker = await checkDocker()
  return docker.every(({ ok }) => ok) ? [...docker, await check] : docker
}

function noDaemon(error: Error): Check {
  if (!(error instanceof Fault)) throw error
  return { what: error.message, ok: false, mend: error.hint ?? 'see https://docs.docker.com/engine/install' }
}

async function daemonChecks({ docker, where, version }: Daemon): Promise<Check[]> {
  const { NCPU, MemoryLimit, CPUSet } = (await docker.info()) as Record<'NCPU', number> & Record<string, boolean>
  return [
    { what: `a Docker daemon (${version} at ${where})`, ok: true },
    {
      what: `two CPUs, one for the proxy and one for the generator (${NCPU} there)`,
      ok: NCPU >= 2,
      mend: 'a daemon on a machine with two CPUs',
    },
    {
      what: 'limits of CPUs and memory for its containers',
      ok: Boolean(MemoryLimit && CPUSet),
      // Guests are pinned without them; what they take of the memory is not limited then.
      optional: true,
      mend: 'delegate the controllers cpuset and memory to a rootless daemon: https://rootlesscontaine.rs/getting-started/common/cgroup2',
    },
  ]
}

/** What is known of KVM here: whether its device opens, and the outcome for each kernel that was tried with it. */
export async function checkKvm(): Promise<Check[]> {
  const closed = kvmRefuses()
  if (closed) return [{ what: `KVM: ${closed}`, ok: false, mend: 'npx tsx lab/run.ts --accel tcg …' }]
  const known = [...(await attempts()).values()]
  const others = `KVM opens; ${known.length ? 'other kernels are' : 'each kernel is'} tried once, before the first cell`
  return [...outcomes(known), { what: others, ok: true }]
}

/** What came of kernels that were tried with KVM, said once of all that it is true of: where one fails, most do. */
export const outcomes = (known: Attempt[]): Check[] =>
  [...new Set(known.map(({ said }) => said))].map((said) => {
    const alike = known.filter((attempt) => attempt.said === said)
    const kernels = [...new Set(alike.map(({ kernel }) => kernel))].sort(compareVersions)
    const tried = `${alike.length > 1 ? 'last tried' : 'tried'} ${alike
      .map(({ at }) => at)
      .sort()
      .at(-1)}`
    const { boots } = alike[0]!
    return {
      what: `${list(kernels)} with KVM, ${tried}: ${boots ? (kernels.length > 1 ? 'they boot' : 'it boots') : said}`,
      ok: boots,
      mend: 'npx tsx lab/run.ts --accel kvm … tries again',
    }
  })

/** As in package.json, by which `npm ci` refuses an older one. */
const OLDEST_NODE = '20.18.1'

function node(): Check {
  return {
    what: `Node.js ${OLDEST_NODE} or later (${process.version})`,
    ok: process.versions.node.localeCompare(OLDEST_NODE, undefined, { numeric: true }) >= 0,
    mend: `install Node.js ${OLDEST_NODE} or later, see https://nodejs.org`,
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
