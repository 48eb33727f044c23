import { readFileSync } from 'node:fs'
import { notReady } from '../../model/fault.ts'
import { maxconn } from '../files.ts'

/** Descriptors for listeners, pipes and whatever else a proxy keeps open; HAProxy 2.6 asks for 25. */
const OWN = 100

/** Descriptors that the proxy needs for so many connections at a time: HAProxy asks for two per connection of its maxconn. */
export const descriptorsFor = (users: number) => 2 * maxconn(users) + OWN

/** The hard limit of descriptors, which root inside a namespace cannot raise. */
function hardLimit(): number {
  const limit = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  return limit === 'unlimited' || limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
}

/**
 * Makes sure that this host allows the proxy as many connections as a load asks for. A guest with a kernel of its own has
 * limits of its own.
 *
 * @throws a Fault (exit 3) that names the limit
 */
export function requireDescriptors(users: number, limit = hardLimit()) {
  const needed = descriptorsFor(users)
  if (needed <= limit) return
  const most = descriptorsFor(1) <= limit ? `, enough for --users ${Math.floor((limit - OWN) / 4)}` : ''
  throw notReady(
    `${users} connections at a time on the running kernel: the proxy needs ${needed} descriptors, and the hard limit here is ${limit} (ulimit -Hn)${most}`,
    `ulimit -n ${needed} as root (LimitNOFILE= in a unit of systemd, --ulimit nofile= of docker run), or a kernel in a guest: --kernel 6.1`,
  )
}
