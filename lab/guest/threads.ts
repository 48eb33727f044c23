import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

/** CPUs that a thread may use, as the kernel lists them ("0", "0-1"). */
export function allowedCpus(tid: number | 'self'): string {
  return /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync(`/proc/${tid}/status`, 'utf8'))?.[1] ?? ''
}

/** Lets a thread use one CPU only. */
export const pin = (tid: number, cpu: number) => promisify(execFile)('taskset', ['-p', '-c', `${cpu}`, `${tid}`])

/**
 * Nanoseconds that a thread was ready to run and waited for a CPU, since it began: the second number in
 * /proc/TID/schedstat (Documentation/scheduler/sched-stats). Null where the kernel does not count it.
 */
export function waitedNs(tid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${tid}/schedstat`, 'utf8').split(' ')[1])
  } catch {
    return null
  }
}

/** Process ids of a process and its descendants, those that run a program of this name. */
export function descendantsNamed(pid: number, name: string): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
    const named = readFileSync(`/proc/${pid}/comm`, 'utf8') === `${name}\n` ? [pid] : []
    return [...named, ...children.flatMap((child) => descendantsNamed(child, name))]
  } catch {
    // The process has ended meanwhile, or the kernel does not list children (CONFIG_PROC_CHILDREN).
    return []
  }
}

/**
 * Measures the share of the time that threads wait for a CPU, from now until the returned function is called: 0 to 1, or
 * null without a thread, or where the kernel does not count it.
 */
export function watchWaiting(tids: number[]): () => number | null {
  const sum = () => tids.reduce<number | null>((all, tid) => addNull(all, waitedNs(tid)), 0)
  const before = sum()
  const start = process.hrtime.bigint()
  return () => {
    const after = sum()
    if (before === null || after === null || !tids.length) return null
    return (after - before) / (Number(process.hrtime.bigint() - start) * tids.length)
  }
}

/**
 * Measures the share of the time of host CPUs that the host's own hypervisor takes for others, from now until the
 * returned function is called: 0 to 1, from `steal` in /proc/stat (proc(5)); null when no time has passed.
 */
export function watchStolen(cpus: number[]): () => number | null {
  const read = () => {
    const lines = readFileSync('/proc/stat', 'utf8').split('\n')
    const times = lines.flatMap((line) => {
      const [name, ...ticks] = line.split(/\s+/)
      return cpus.some((cpu) => name === `cpu${cpu}`) ? [ticks.slice(0, 8).map(Number)] : []
    })
    return { all: times.flat().reduce((a, b) => a + b, 0), stolen: times.reduce((sum, each) => sum + each[7]!, 0) }
  }
  const before = read()
  return () => {
    const after = read()
    return after.all > before.all ? (after.stolen - before.stolen) / (after.all - before.all) : null
  }
}

const addNull = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b)
