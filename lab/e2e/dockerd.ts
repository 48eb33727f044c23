import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import Docker from 'dockerode'
import { cached, cacheFolder, cacheRoot, scratch } from '../../images/cache/cache.ts'
import { shell } from '../../images/cache/shell.ts'
import { binaries, liveStore } from '../../images/debian/apt.ts'
import { transfers } from '../../images/debian/host-apt.ts'
import { mirrorUri } from '../../images/debian/mirrors.ts'
import { testSupply } from '../../images/fixtures/supply.ts'
import { LABEL } from '../engine/docker/owner.ts'
import { VOLUME } from '../engine/docker/rights.ts'
import { DIES_WITH_LAB } from '../guest/guest.ts'
import { descendantsOf } from './harness.ts'

// A real Docker daemon for tests, which nothing of the host notices: Debian's own programs, unpacked and not installed, with
// sockets, folders and mounts of their own, and no network.

const supply = testSupply({ note: (line) => process.stderr.write(`${line}\n`) })

/** What is unpacked. The libraries are those that a small Debian may lack. */
const PACKAGES = [
  ...['docker.io', 'containerd', 'runc', 'libdevmapper1.02.1', 'libseccomp2', 'mmdebstrap'],
  'docker-registry',
  // For a rootless daemon.
  ...['rootlesskit', 'slirp4netns', 'libslirp0', 'uidmap', 'libsubid4'],
]

/** The folder with Docker and mmdebstrap of Debian 12, fetched once. */
async function unpacked(): Promise<string> {
  const found = await Promise.all(PACKAGES.map((name) => binaries(['bookworm'], name, supply)))
  const newest = found.map(([first]) => first!)
  return cached(
    'test-docker',
    'programs',
    newest.map(({ sha256 }) => sha256),
    (dir) =>
      scratch('test-docker', async (folder) => {
        for (const wanted of newest) {
          const deb = await liveStore([wanted.suite], supply).fetch(wanted, folder)
          await shell(supply.signal)`dpkg-deb -x ${deb} ${dir}`
        }
      }),
  )
}

/**
 * What holds the daemon's namespaces: its process 1, with which all others in them end. Where a host has no cgroups mounted,
 * they are mounted there. A shell that waits also takes leave of the processes that it inherits.
 */
const HOLD = `if ! grep -q ' /sys/fs/cgroup' /proc/mounts; then
  mount -t tmpfs cgroup /sys/fs/cgroup
  for name in $(awk '!/^#/ { print $1 }' /proc/cgroups); do
    mkdir /sys/fs/cgroup/$name && mount -t cgroup -o $name cgroup /sys/fs/cgroup/$name
  done
fi
echo ready
sleep infinity &
wait`

/** What guests are made of. The lab's own programs are not among it: they are compiled in the image. */
export const SEED = {
  apt: /Packages|Sources/,
  fetched: /./,
  kernels: /^6\.1/,
  vmlinux: /^6\.1/,
  programs: /^(?!guest|userland)/,
}

export interface Options {
  /** Whether containers live on without it. */
  live?: boolean
  /** Folders in which it keeps things that are small disks in memory instead, and their MiB: `{ data: 300 }` is all of it. */
  small?: Record<string, number>
  /** Whether it has a network namespace of its own, as what is part of a Swarm must: that makes bridges. */
  apart?: boolean
  /** Registries that it may use without TLS. */
  registries?: string[]
  /** Further words of its command line. */
  words?: string[]
}

/** A daemon of the tests' own. Only root can start one. */
export class Dockerd {
  readonly folder: string
  #programs = ''
  /** Holds the namespaces, so that a second daemon finds what the first has mounted and started. */
  #holder: ChildProcess | null = null
  #daemon: ChildProcess | null = null

  constructor(
    name: string,
    readonly options: Options = {},
  ) {
    this.folder = join(cacheFolder('test-docker'), name)
  }

  get socket(): string {
    return join(this.folder, 'docker.sock')
  }

  /** The environment of a lab that uses it. */
  get env(): Record<string, string> {
    return { DOCKER_HOST: `unix://${this.socket}`, HITLESS_DOCKER_BASE: BASE }
  }

  get docker(): Docker {
    return new Docker({ socketPath: this.socket })
  }

  /** Where the daemon sees its folder. */
  protected get inner(): string {
    return this.folder
  }

  /** The command that starts it, without its words. */
  protected command(): string[] {
    return ['dockerd']
  }

  /** Lines of sh that prepare its namespaces, once its folder is there. */
  protected preparations(_programs: string): string[] {
    return []
  }

  async start() {
    const at = (name: string) => join(this.inner, name)
    this.#daemon = await this.spawn([
      ...[...this.command(), '--host', `unix://${at('docker.sock')}`],
      ...['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')],
      ...['--bridge=none', '--iptables=false', '--ip-forward=false', '--ip-masq=false'],
      ...(this.options.live ? ['--live-restore'] : []),
      ...(this.options.registries ?? []).map((registry) => `--insecure-registry=${registry}`),
      ...(this.options.words ?? []),
    ])
    let said = ''
    for (const stream of [this.#daemon.stdout!, this.#daemon.stderr!]) stream.on('data', (text) => (said += text))
    const ended = once(this.#daemon, 'exit')
    for (let i = 0; !(await this.#answers()); i++) {
      if (this.#daemon.exitCode !== null || i > 300) throw new Error(`dockerd did not start: ${said.slice(-2000)}`)
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100))])
    }
  }

  /** Starts one of the unpacked programs in the daemon's namespaces. It ends with them. */
  async spawn(argv: string[]): Promise<ChildProcess> {
    this.#programs ||= await unpacked()
    this.#holder ??= await this.#hold()
    const bin = ['usr/sbin', 'usr/bin'].map((dir) => join(this.#programs, dir))
    const libraries = ['lib', 'usr/lib'].map((dir) => join(this.#programs, dir, 'x86_64-linux-gnu'))
    const namespaces = ['--mount', '--pid', ...(this.options.apart ? ['--net'] : []), `--target=${this.inside}`]
    return spawn('nsenter', [...namespaces, ...argv], {
      env: { ...process.env, PATH: [...bin, process.env.PATH].join(':'), LD_LIBRARY_PATH: libraries.join(':') },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  /** A process in the daemon's namespaces, as this one sees it. */
  get inside(): number {
    return descendantsOf(this.#holder!)[0]!
  }

  /** The daemon and all that runs in its containers, as process ids of this host. */
  get processes(): number[] {
    return this.#holder ? descendantsOf(this.#holder) : []
  }

  /** Ends the daemon and its containers from one moment to the next, as a machine that loses its power. */
  async crash() {
    if (this.#holder && !hasEnded(this.#holder)) {
      const ended = once(this.#holder, 'close')
      this.#holder.kill('SIGKILL')
      await ended
    }
    this.#holder = null
    this.#daemon = null
  }

  /** Ends the daemon, and lets containers live on where it was told so. */
  async stop() {
    const daemon = this.#daemon
    if (!daemon || hasEnded(daemon)) return
    const ended = once(daemon, 'exit')
    // Its parent is nsenter, which hands no signals on.
    for (const pid of descendantsOf(daemon).slice(0, 1)) process.kill(pid, 'SIGTERM')
    await ended
    this.#daemon = null
  }

  /** Ends it with all that runs in it. */
  async end() {
    try {
      if (await this.#answers()) await this.#empty()
    } catch (error) {
      // Ctrl-C ends the daemon, too, which may be gone by now.
      if (await this.#answers()) throw error
    }
    await this.stop()
    if (!this.#holder) return
    // Before the next test may have them.
    for (const path of this.traces()) rmSync(path, { recursive: true, force: true })
    await this.crash()
  }

  async #empty() {
    const all = await this.docker.listContainers({ all: true })
    await Promise.all(all.map(({ Id }) => this.docker.getContainer(Id).remove({ force: true, v: true })))
  }

  /** Where the lab's cache is in its volume. */
  get cache(): string {
    return join(this.folder, 'data/volumes', VOLUME, '_data/hitless')
  }

  /** Gives the volume what this host has fetched and built, as far as `wanted` says: the tests need not do it again. */
  async seed(wanted: Record<string, RegExp>) {
    await this.docker.createVolume({ Name: VOLUME, Labels: { [LABEL]: 'cache' } })
    const volume = this.cache
    for (const [kind, names] of Object.entries(wanted))
      for (const name of namesIn(join(cacheRoot(), kind)).filter((name) => names.test(name)))
        if (!existsSync(join(volume, kind, name)))
          cpSync(join(cacheRoot(), kind, name), join(volume, kind, name), { recursive: true, verbatimSymlinks: true })
  }

  async #answers(): Promise<boolean> {
    return this.docker.ping().then(
      () => true,
      () => false,
    )
  }

  /**
   * What says that a daemon runs, which a killed test leaves behind; what it remembers of a Swarm, which would make bridges
   * again wherever it is started; and what is in memory.
   */
  protected traces(): string[] {
    const names = ['docker.sock', 'pid', 'exec', 'data/network', 'data/swarm']
    return [...names, ...Object.keys(this.options.small ?? {})].map((name) => join(this.folder, name))
  }

  async #hold(): Promise<ChildProcess> {
    mkdirSync(this.folder, { recursive: true })
    const { small = {}, apart } = this.options
    const clean = this.traces().map((path) => `rm -rf '${path}'`)
    const mounts = Object.entries(small).map(([name, mib]) => {
      const path = join(this.folder, name)
      return `mkdir -p '${path}' && mount -t tmpfs -o size=${mib}m data '${path}'`
    })
    const data = join(this.folder, 'data')
    // A daemon mounts the folder upon itself, unless it is a mount that is shared, and so hides the disks in it.
    const shared = `mkdir -p '${data}' && mount --bind '${data}' '${data}' && mount --make-shared '${data}'`
    const script = [...clean, shared, ...mounts, ...this.preparations(this.#programs), HOLD].join('\n')
    const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', ...(apart ? ['--net'] : [])]
    // Tests of several checkouts may share a cache: one after the other uses its daemon.
    const lock = ['flock', '--no-fork', '-w', '900', join(this.folder, 'lock')]
    const argv = [...DIES_WITH_LAB, ...lock, 'unshare', ...namespaces, 'sh', '-ec', script]
    const holder = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
    await Promise.race([
      once(holder.stdout!, 'data'),
      once(holder, 'exit').then(() => Promise.reject(new Error(`no namespaces for a daemon in ${this.folder}`))),
    ])
    return holder
  }
}

/** Whether a process has ended, by itself or by a signal, as Ctrl-C sends one to all. */
const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : [])

/** What the lab's image is made of in tests: a Debian from the host's own mirror, as no registry need be in reach. */
export const BASE = 'hitless-test:trixie'

/** Makes sure that a daemon has {@link BASE}. */
export async function ensureBase({ docker }: Dockerd) {
  const there = await docker.listImages({ filters: { reference: [BASE] } })
  if (there.length) return
  const archive = join(await trixie(), 'trixie.tar')
  const [repo, tag] = BASE.split(':')
  const stream = await docker.importImage(archive, { repo, tag })
  await finished(stream.resume())
}

/** The folder with the smallest Debian 13 that has apt. */
async function trixie(): Promise<string> {
  const mirror = await mirrorUri('trixie', supply)
  return cached('test-docker', 'trixie', [mirror], (dir) =>
    scratch('test-docker', async (folder) => {
      supply.note('making a Debian 13 with mmdebstrap')
      const settings = join(folder, 'apt.conf')
      writeFileSync(settings, (await transfers(supply)).options.join('\n'))
      const program = join(await unpacked(), 'usr/bin/mmdebstrap')
      const words = ['--mode=root', '--variant=apt', `--aptopt=${settings}`, 'trixie', join(dir, 'trixie.tar'), mirror]
      const { status, stderr } = spawnSync('perl', [program, ...words], { encoding: 'utf8' })
      if (status !== 0) throw new Error(`mmdebstrap failed: ${stderr.slice(-2000)}`)
    }),
  )
}
