import type { Case } from '../model/case.ts'
import type { Cell } from '../model/cell.ts'
import type { Cpus } from './guest.ts'

/** Where the proxy listens inside the guest. */
export const PORT = 8080

/** Seconds of load before the first reload: the negative control that every cell carries. */
export const QUIET_SECONDS = 1

/** Milliseconds after which the generator gives a connection up: SYNs are sent again after 1, 3 and 7 s. */
export const TIMEOUT_MS = 8000

/** The fields of a cell that its guest needs. */
export type Bootable = Pick<Cell, 'guest' | 'accel' | 'kernel' | 'root' | 'proxy' | 'load'> & {
  case: Pick<Case, 'reload'> & Partial<Case>
}

/** The files of /cell: what run.sh runs, as an operator would have it on disk. By name. */
export function cellFiles(cell: Bootable, cpus: Cpus): Record<string, string> {
  const { setup, ready, before, reload, after, proof } = cell.case
  const proofAt = (at: 'reload' | 'end') => (typeof proof === 'object' && proof.at === at ? proof.read : undefined)
  const script = (commands?: string[] | false) => (commands ? `${commands.join('\n')}\n` : undefined)
  const files = {
    env: environment(cell, cpus),
    'haproxy.cfg': proxyConfig(cell),
    setup: script(setup),
    ready: script(ready),
    before: script(before),
    reload: script(reload === false ? false : [reload]),
    proof: script(proofAt('reload')),
    after: script(after),
    'proof-end': script(proofAt('end')),
  }
  return Object.fromEntries(Object.entries(files).filter((file): file is [string, string] => file[1] !== undefined))
}

const mask = (cpu: number) => `0x${(1n << BigInt(cpu)).toString(16)}`

function environment({ load }: Bootable, cpus: Cpus): string {
  const flags = [
    `--users ${load.users}`,
    load.rate === null ? '' : `--rate ${load.rate}`,
    `--timeout-ms ${TIMEOUT_MS}`,
    `--slow-ms ${load.slowMs}`,
    load.fusedAck ? '--fused-ack' : '',
    load.closeWithRst ? '--close-with-rst' : '',
  ]
  const variables = {
    PORT,
    PROXY_CPU: cpus.proxy,
    PROXY_MASK: mask(cpus.proxy),
    LOAD_CPU: cpus.generator,
    LOAD_MASK: mask(cpus.generator),
    LOAD: flags.filter(Boolean).join(' '),
    QUIET: QUIET_SECONDS,
    SECONDS_OF_RELOADS: load.duration,
    PAUSE_MS: load.interval,
  }
  return Object.entries(variables)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('')
}

/** The proxy's limit of connections: room for every one of the old and of the new load. */
export const maxconn = (users: number) => Math.max(1000, 2 * users)

/** The article's redir.cfg: every request is answered with a redirect, by the proxy itself. */
function proxyConfig({ case: { proxy: extra = {} }, load, proxy }: Bootable): string {
  const [major, minor] = proxy.version.split('.').map(Number) as [number, number]
  // One thread: the article's HAProxy had no others. nbthread came with 1.8.
  const threads = major > 1 || minor >= 8 ? ['nbthread 1'] : []
  const socket = major > 1 || minor >= 8 ? ' expose-fd listeners' : ''
  const global = [
    ...threads,
    `maxconn ${maxconn(load.users)}`,
    `stats socket /run/haproxy.sock mode 600 level admin${socket}`,
    `tune.maxaccept ${proxy.maxaccept}`,
    ...(extra.global ?? []),
  ]
  const bind = [`bind 127.0.0.1:${PORT}`, extra.bind ?? ''].filter(Boolean).join(' ')
  const section = (name: string, lines: string[]) => `${name}\n${lines.map((line) => `\t${line}\n`).join('')}`
  return [
    section('global', global),
    section('defaults', ['mode http', 'timeout connect 5s', 'timeout client 30s', 'timeout server 30s']),
    section('frontend redir', [bind, 'redirect location /']),
  ].join('\n')
}
