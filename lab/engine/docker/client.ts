import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { notReady } from '../../model/fault.ts'

/** Who speaks to a daemon, before it is known whether one is there. */
export interface Client {
  docker: Docker
  /** How it is reached: unix:///var/run/docker.sock. */
  where: string
  /** Whether its files are this machine's. */
  local: boolean
  /** The folder of the certificates, where TLS is asked for. */
  certificates: string | null
}

/** Forms of DOCKER_HOST that lead to a daemon. */
const FORMS = /^(unix:\/\/\/|(tcp|ssh|https?):\/\/[^/])/

/**
 * Reads what the docker command reads: DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH. Without DOCKER_HOST it is the
 * daemon at `socket`, else a rootless one of this user's.
 *
 * @throws a Fault (exit 3) where they name no daemon, or files that cannot be read
 */
export function clientOf(environment: NodeJS.ProcessEnv, socket: string): Client {
  const { DOCKER_HOST: host, XDG_RUNTIME_DIR } = environment
  if (!host) {
    const rootless = `${XDG_RUNTIME_DIR}/docker.sock`
    const socketPath = !existsSync(socket) && XDG_RUNTIME_DIR && existsSync(rootless) ? rootless : socket
    return { docker: new Docker({ socketPath }), where: `unix://${socketPath}`, local: true, certificates: null }
  }
  if (!FORMS.test(host))
    throw notReady(
      `DOCKER_HOST=${host}: names no daemon; expected unix:///path/of/docker.sock, tcp://host:port or ssh://user@host`,
    )
  if (host.startsWith('unix:'))
    return {
      docker: new Docker({ socketPath: host.slice('unix://'.length) }),
      where: host,
      local: true,
      certificates: null,
    }
  const certificates = environment.DOCKER_TLS_VERIFY ? environment.DOCKER_CERT_PATH || join(homedir(), '.docker') : null
  return { docker: new Docker(certificates ? tls(certificates) : {}), where: host, local: false, certificates }
}

/** What a daemon is spoken to with in TLS: whom to trust, and who this is. */
function tls(folder: string) {
  const read = (name: string) => {
    try {
      return readFileSync(join(folder, name))
    } catch (error) {
      throw notReady(
        `DOCKER_TLS_VERIFY is set, and ${join(folder, name)} cannot be read: ${(error as Error).message}`,
        'DOCKER_CERT_PATH=/folder/with/ca.pem,cert.pem,key.pem and the same again',
      )
    }
  }
  return { protocol: 'https' as const, ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
}
