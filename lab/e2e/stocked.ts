import { testSupply } from '../../images/fixtures/supply.ts'
import { parseRequest } from '../cli/options/run.ts'
import { Patience } from '../engine/docker/away.ts'
import { reachDaemon } from '../engine/docker/daemon.ts'
import { prepareIn } from '../engine/docker/engine.ts'
import { ensureImage } from '../engine/docker/image.ts'
import { prepare } from '../prepare/prepare.ts'
import { Dockerd, ensureBase, SEED } from './dockerd.ts'

/**
 * Makes what a run needs in the cache and the images of a daemon while that has the host's network: a Swarm's daemon has
 * none that leads anywhere.
 *
 * @param name the folder of the daemon, which is ended again
 * @param argv the run, as lab/run.ts takes it
 */
export async function stocked(name: string, argv: string[], signal = new AbortController().signal) {
  const { request } = await parseRequest(argv)
  const supply = testSupply({ note: (line) => process.stderr.write(`${line}\n`), signal })
  // What the host has comes first: two machines make the same of it, but not byte by byte.
  await prepare(request, supply, { install: 'always' })
  const daemon = new Dockerd(name)
  await daemon.start()
  try {
    await ensureBase(daemon)
    await daemon.seed(SEED)
    Object.assign(process.env, daemon.env)
    const reached = await reachDaemon()
    const shop = {
      daemon: reached,
      image: (await ensureImage(reached, supply)).id,
      note: supply.note,
      patience: new Patience(reached, supply.note),
    }
    await prepareIn(shop, [request], { supply, keep: () => {}, mayBeNone: false, kvm: false, files: [] })
  } finally {
    await daemon.end()
  }
}
