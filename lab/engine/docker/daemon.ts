import type Docker from 'dockerode'
import { EXIT, Fault, notReady } from '../../model/fault.ts'
import { type Client, clientOf } from './client.ts'
import { type Platform, requireLinux } from './platform.ts'

const SOCKET = '/var/run/docker.sock'

/** The first version of Docker's API that the lab speaks: that of Docker 20.10. */
const OLDEST = '1.41'

/** A Docker daemon that answers, and what is known of it. */
export interface Daemon {
  docker: Docker
  /** How it is reached: unix:///var/run/docker.sock. */
  where: string
  /** Whether its files are this machine's. */
  local: boolean
  /** Of the daemon: 20.10.24. */
  version: string
  /** Whether it has the network that containers get by themselves; else what needs one gets the host's. */
  bridged: boolean
}

/**
 * Reaches the daemon that DOCKER_HOST names (with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, as for the docker command), else
 * the one at /var/run/docker.sock, else a rootless one of this user's.
 *
 * @param here this machine
 * @throws a Fault (exit 3) that says why there is none, or what is wrong with it, or that this machine can use none
 */
export async function reachDaemon(
  environment = process.env,
  socket = SOCKET,
  here: Platform = process,
): Promise<Daemon> {
  requireLinux(here)
  const client = clientOf(environment, socket)
  const { docker, where, local } = client
  try {
    const [{ ApiVersion, Version, Os, Arch }, networks] = await Promise.all([docker.version(), docker.listNetworks()])
    if (older(ApiVersion, OLDEST))
      throw notReady(
        `the Docker daemon at ${where} is too old: it is ${Version} and speaks version ${ApiVersion} of the API; expected ${OLDEST}, as Docker 20.10 does, or later`,
        'install Docker 20.10 or later: https://docs.docker.com/engine/install',
      )
    if (Os !== 'linux' || Arch !== 'amd64')
      throw notReady(`the Docker daemon at ${where} runs containers of ${Os}/${Arch}; expected linux/amd64`)
    return { docker, where, local, version: Version, bridged: networks.some(({ Name }) => Name === 'bridge') }
  } catch (error) {
    throw unreachable(error as NodeJS.ErrnoException, client)
  }
}

/** Compares versions such as 1.9 and 1.41. */
function older(one: string, other: string): boolean {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number)) as [number[], number[]]
  return a[0] !== b[0] ? a[0]! < b[0]! : a[1]! < b[1]!
}

/** What it means that a daemon cannot be reached, or refuses; other errors stay as they are. */
function unreachable(error: NodeJS.ErrnoException, { where, certificates }: Client): Error {
  if (error instanceof Fault) return error
  if (TLS.test(error.code ?? ''))
    return notReady(
      `the Docker daemon at ${where} and this lab do not trust each other, or one of them speaks no TLS: ${error.message.trim()}`,
      certificates
        ? `see whether ca.pem, cert.pem and key.pem in ${certificates} are for this daemon, and the host of DOCKER_HOST is one that its certificate names`
        : WITH_TLS,
    )
  if (/HTTP request to an HTTPS server/.test(error.message))
    return notReady(`the Docker daemon at ${where} wants TLS`, WITH_TLS)
  if (error.code === 'EACCES')
    return notReady(
      `the Docker daemon at ${where} may not be used by this user`,
      'sudo usermod -aG docker "$USER", and log in again; or a rootless daemon: https://docs.docker.com/engine/security/rootless',
    )
  if (isGone(error))
    return notReady(
      `no Docker daemon answers at ${where}: ${error.message}`,
      'sudo systemctl start docker, or DOCKER_HOST=unix:///path/of/docker.sock, and the same again',
    )
  return notReady(`the Docker daemon at ${where} cannot be used: ${error.message}`)
}

/** Codes of errors in which a handshake of TLS ends: OpenSSL's, and Node's own. */
const TLS = /^(ERR_(SSL|TLS)_|EPROTO$|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/

const WITH_TLS = 'DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=/folder/with/ca.pem,cert.pem,key.pem and the same again'

const GONE = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT']

/** Whether an error says that nobody is there, and not that a daemon refused. */
export const isGone = ({ code, message }: NodeJS.ErrnoException): boolean =>
  GONE.includes(code ?? '') || message === 'socket hang up'

/** The words in which a kernel, Node.js or apt says that a disk takes no more. */
const FULL = /no space left on device|ENOSPC|disk quota exceeded|EDQUOT|enough free space/i

/** The Fault (exit 3) of a daemon whose disk is full, where an error says so; else the error itself. */
export const diskFault = (error: Error, { where }: Pick<Daemon, 'where'>): Error =>
  FULL.test(error.message)
    ? new Fault(
        `the disk of the Docker daemon at ${where} is full: ${error.message.trim().split('\n').at(-1)}`,
        EXIT.notReady,
        'docker system df, and then docker system prune',
      )
    : error
