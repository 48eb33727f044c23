import type { CaseFile, Expectation } from './case.ts'
import nginxWorkers from './nginx/workers.ts'
import { KEPT, KEPT_NGINX } from './none.ts'

/** In the network namespace of the listener, before it closes. */
const MIGRATE = 'sysctl -w net.ipv4.tcp_migrate_req=1'

/**
 * That the kernel has moved connections, and would still do so. One that it could not move is reset and counted as such;
 * how many there were goes to the console.
 */
const MIGRATED: CaseFile['proof'] = {
  shows: 'connections that the kernel moved to another listener (TcpExtTCPMigrateReqSuccess)',
  read: [
    '[ $(sysctl -n net.ipv4.tcp_migrate_req) = 1 ] || { echo tcp_migrate_req is off; exit; }',
    'echo TCPMigrateReqFailure $(counter TcpExtTCPMigrateReqFailure) >&2',
    'counter TcpExtTCPMigrateReqSuccess',
  ],
  at: 'end',
}

/** What migration spares, and what it does not: the variant migration-traced has the stack of each RST. */
const SPARED: Expectation = {
  resets: 'fewer',
  because:
    'inet_csk_listen_stop gives what waits to another socket of the group (reuseport_migrate_sock), and so does the last ' +
    'ACK of one in SYN_RECV (tcp_v4_rcv, inet_reqsk_clone); but inet_csk_reqsk_queue_add refuses, and so resets, a ' +
    'connection whose handshake completes on one CPU while its listener closes on another, or whose new listener closes, ' +
    'too: rare',
}

/** A variant with migration: a case whose process takes fewer sockets, and the kernel moves what waits in the others. */
export const withMigration = (plain: CaseFile, name: string): CaseFile => ({
  ...plain,
  name,
  title: `${plain.title}, with migration`,
  idea: `${plain.idea.replace(/\.$/, '')}; the kernel moves what waits in those that close.`,
  source: 'the lab; net.ipv4.tcp_migrate_req, Linux 5.14',
  against: plain.name,
  needs: { features: ['migration'] },
  setup: [MIGRATE],
  proof: MIGRATED,
  expects: [SPARED],
  drawbacks: ['Linux 5.14 or later'],
})

export default {
  name: 'tcp-migrate-req',
  title: 'Migration by the kernel',
  idea: 'The kernel moves what waits in a listener that closes to another one of its reuseport group.',
  source: 'net.ipv4.tcp_migrate_req, Linux 5.14 (Kuniyuki Iwashima, 2021)',
  needs: { features: ['migration'] },
  setup: [MIGRATE],
  proof: MIGRATED,
  expects: [SPARED],
  drawbacks: [
    'Linux 5.14 or later, and SO_REUSEPORT: there must be another listener at the close',
    'not quite none: see the variant migration-traced',
    'before 5.15.209, 6.1.175, 6.6.140, 6.12.86 and 6.18.27 nobody wakes the other listener: a connection that was moved may wait for the next one',
  ],
  adopt: [{ where: 'before the first reload, as root', lines: ['sysctl -w net.ipv4.tcp_migrate_req=1'] }],
  on: {
    haproxy: { expects: [KEPT, SPARED] },
    // A reload of nginx closes no listener unless it takes fewer of them.
    nginx: {
      ...nginxWorkers.on.nginx,
      expects: [KEPT_NGINX, SPARED],
      prepare: nginxWorkers.prepare,
      before: nginxWorkers.before,
      listeners: nginxWorkers.listeners,
      against: nginxWorkers.name,
      price: nginxWorkers.price,
    },
  },
} satisfies CaseFile
