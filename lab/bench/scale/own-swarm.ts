import { execFileSync } from 'node:child_process'
import { Dockerd } from '../../e2e/dockerd.ts'
import { stocked } from '../../e2e/stocked.ts'
import { EXIT, Fault } from '../../model/fault.ts'

/**
 * Works with the Swarm that DOCKER_HOST names, or else with one that is started for it: Debian's own Docker, in namespaces,
 * with one node and no network, and gone afterwards.
 *
 * @param figure that needs it
 * @param argv the run whose parts it must have, as lab/run.ts takes it
 * @throws a Fault (exit 3) where one has to be started, and only root could
 */
export async function withSwarm<T>(
  figure: string,
  argv: string[],
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  if (process.env.DOCKER_HOST) return work()
  if (process.getuid?.() !== 0)
    throw new Fault(
      'DOCKER_HOST is not set, and only root can start a Swarm',
      EXIT.notReady,
      `sudo npm run bench -- ${figure}`,
    )
  await stocked('daemon', argv, signal)
  const before = { ...process.env }
  const daemon = new Dockerd('daemon', { apart: true })
  try {
    await daemon.start()
    execFileSync('nsenter', ['--net', `--target=${daemon.inside}`, 'ip', 'link', 'set', 'lo', 'up'])
    await daemon.docker.swarmInit({ AdvertiseAddr: '127.0.0.1', ListenAddr: '127.0.0.1:2377' })
    // It has no network, so that all its runs take what is there already; those beside it must measure the same.
    Object.assign(process.env, daemon.env, { HITLESS_OFFLINE: '1' })
    return await work()
  } finally {
    // Another figure may come behind it, which is measured as the user has asked.
    for (const name of [...Object.keys(daemon.env), 'HITLESS_OFFLINE'])
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    await daemon.end()
  }
}
