import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** What programs of the lab are called by the kernel, in guests of the host, too. */
const PROGRAMS = /^(qemu-system|haproxy|nginx|init|load|reload|rstwatch|witness|banner|apt-get|gpgv)/

/** What there is on a machine that a lab could leave. */
export interface Seen {
  processes: string[]
  mounts: string[]
  namespaces: string[]
  cgroups: string[]
}

/** Looks at the machine. Beside other labs it cannot tell whose a guest is. */
export function look(): Seen {
  return { processes: processes(), mounts: mounts(), namespaces: list('/run/netns'), cgroups: cgroups() }
}

/** What is there now and was not before, in words. */
export function leftSince(before: Seen): string[] {
  const now = look()
  return (Object.keys(now) as (keyof Seen)[]).flatMap((kind) =>
    now[kind].filter((one) => !before[kind].includes(one)).map((one) => `${kind}: ${one}`),
  )
}

const namespaceOf = (pid: string) => readlinkSync(`/proc/${pid}/ns/pid`)

/** Programs of a lab beside this one's processes, and foreign namespaces of processes: each is one cell of the host's. */
function processes(): string[] {
  const all = list('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return []
    try {
      const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
      const namespace = namespaceOf(pid)
      if (/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return []
      if (namespace !== namespaceOf('self')) return [`those of ${namespace}`]
      // The machine's own first process is an init, too.
      return pid !== '1' && PROGRAMS.test(name) ? [`${name} (${pid})`] : []
    } catch {
      // It has just ended.
      return []
    }
  })
  return [...new Set(all)]
}

const mounts = () =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])

/** Groups of the second version, and of the first: lab/guest/host makes them below its own. */
const cgroups = () =>
  existsSync('/sys/fs/cgroup')
    ? readdirSync('/sys/fs/cgroup', { recursive: true, encoding: 'utf8' }).filter((path) =>
        /(^|\/)hitless-[^/]*$/.test(path),
      )
    : []

const list = (folder: string) => (existsSync(folder) ? readdirSync(folder) : [])

/** Scratch folders in a cache. */
export function scratchIn(cache: string): string[] {
  const folder = join(cache, 'hitless')
  return list(folder)
    .filter((name) => name.startsWith('scratch-'))
    .flatMap((name) => list(join(folder, name)).map((left) => `scratch: ${left}`))
}
