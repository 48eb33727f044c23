import { proxyNamed } from '../../images/proxies/proxies.ts'
import type { Setting } from '../../images/proxies/proxy.ts'
import type { Case } from '../model/case/case.ts'
import { AB_REQUESTS, drainedAt } from '../model/case/load.ts'
import { CLIENTS_ADDRESS, SERVER } from '../model/case/network.ts'
import type { Cell } from '../model/cell.ts'
import type { Cpus } from './guest.ts'

/** Where the proxy listens inside the guest. */
export const PORT = 8080

/** Seconds of load before the first reload: the negative control that every cell carries. */
export const QUIET_SECONDS = 1

/** Milliseconds after which the generator gives a connection up: SYNs are sent again after 1, 3 and 7 s. */
export const TIMEOUT_MS = 8000

/** The least bound of accept queues and of SYN_RECVs: the default of net.core.somaxconn from Linux 5.4 on. */
const BACKLOG = 4096

/** The fields of a cell that its guest needs. */
export type Bootable = Pick<Cell, 'guest' | 'accel' | 'kernel' | 'root' | 'proxy' | 'load'> & {
  case: Pick<Case, 'reload'> & Partial<Case>
}

/** The files of /cell: what run.sh runs, as an operator would have it on disk. By name. */
export function cellFiles(cell: Bootable, cpus: Cpus): Record<string, string> {
  const { setup, ready, prepare, before, reload, after, proof } = cell.case
  const { file, config, ...proxy } = proxyNamed(cell.proxy.name)
  const { start = proxy.start, serving = proxy.serving } = cell.case
  const proofAt = (at: 'reload' | 'end') => (typeof proof === 'object' && proof.at === at ? proof.read : undefined)
  const script = (commands?: string[] | false) => (commands ? `${commands.join('\n')}\n` : undefined)
  const files = {
    env: environment(cell, cpus),
    [file]: config(settingOf(cell)),
    start: script([start]),
    serving: script([serving]),
    setup: script(setup),
    ready: script(ready),
    prepare: script(prepare),
    before: script(before),
    reload: script(reload === false ? false : [reload]),
    proof: script(proofAt('reload')),
    after: script(after),
    'proof-end': script(proofAt('end')),
  }
  return Object.fromEntries(Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

const mask = (cpu: number) => `0x${(1n << BigInt(cpu)).toString(16)}`

function environment({ load, proxy, case: tested }: Bootable, cpus: Cpus): string {
  const { exchange } = load
  const { name, title, file } = proxyNamed(proxy.name)
  const { address, device } = SERVER[tested.network ?? 'loopback']
  const always = [`--users ${load.users}`, `--slow-ms ${load.slowMs}`]
  const flags = [
    load.rate === null ? '' : `--rate ${load.rate}`,
    `--timeout-ms ${TIMEOUT_MS}`,
    load.fusedAck ? '--fused-ack' : '',
    load.closeWithRst ? '--close-with-rst' : '',
    exchange.kind === 'banner' ? '--banner' : '',
    exchange.kind === 'keep-alive' ? `--keep-alive-ms ${exchange.pauseMs} --requests ${exchange.requests}` : '',
  ]
  const ofAb = [`--device ${device}`, `--requests ${AB_REQUESTS}`]
  const variables = {
    PORT,
    ADDRESS: address,
    DEVICE: device,
    CLIENTS_ADDRESS,
    PROXY: title,
    CFG: `/cell/${file}`,
    SOCK: socketOf(name),
    PIDFILE: pidfileOf(name),
    PROXY_CPU: cpus.proxy,
    PROXY_MASK: mask(cpus.proxy),
    LOAD_CPU: cpus.generator,
    LOAD_MASK: mask(cpus.generator),
    BACKEND: exchange.kind === 'banner' ? `banner ${BACKEND}` : '',
    GENERATOR: load.ab ? 'witness' : 'load',
    AB: load.ab ? 'ab' : '',
    BACKLOG: Math.max(BACKLOG, load.users),
    LOAD: [...always, ...(load.ab ? ofAb : flags)].filter(Boolean).join(' '),
    QUIET: QUIET_SECONDS,
    SECONDS_OF_RELOADS: load.duration,
    PAUSE_MS: load.interval,
    RELOADER: [tested.replaces === false && '--replaces-nobody', load.drains && `--drained ${drainedAt(load)}`]
      .filter(Boolean)
      .join(' '),
  }
  return Object.entries(variables)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('')
}

/** Where the server behind the proxy listens, under a load for which there is one. */
const BACKEND = '/run/backend.sock'

/** The proxy's limit of connections: room for every one of the old and of the new load. */
export const maxconn = (users: number) => Math.max(1000, 2 * users)

const socketOf = (proxy: string) => `/run/${proxy}.sock`
const pidfileOf = (proxy: string) => `/run/${proxy}.pid`

/** What the configuration of a cell's proxy is made from. */
const settingOf = ({
  case: { config = {}, network },
  load,
  proxy: { name, version, maxaccept },
}: Bootable): Setting => ({
  version,
  maxaccept,
  port: PORT,
  // In a network of veth the lab's own clients use the loopback, too.
  address: network === 'veth' ? '*' : SERVER.loopback.address,
  pidfile: pidfileOf(name),
  socket: socketOf(name),
  connections: maxconn(load.users),
  exchange: load.exchange.kind,
  backend: BACKEND,
  extra: config,
})
