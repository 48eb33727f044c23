import type { Engine } from '../engine/engine.ts'
import { localEngine } from '../engine/local/local.ts'
import type { Prepared } from '../model/prepared.ts'
import type { Request } from '../model/request.ts'
import type { ENGINES, Result } from '../model/result.ts'
import type { Supply } from '../model/supply.ts'
import { prepareAll } from '../prepare/prepare.ts'
import { thisHost } from '../saved/provenance.ts'
import { withFullPaths } from './own-files.ts'

export type EngineName = (typeof ENGINES)[number]

/** What preparing may do, and who takes what it finds out. */
export type PrepareOptions = Parameters<typeof prepareAll>[2]

/** Where a run's cells are carried out, and with them all that must be done on the same machine. */
export interface Workplace {
  engine: Engine
  /** Makes what requests need exist there. @throws a Fault, as lab/prepare/prepare.ts does */
  prepare: (requests: Request[], supply: Supply, options: PrepareOptions) => Promise<Prepared[]>
  /** What a result says of the machine. Never fails. */
  host: () => Promise<Result['host']>
}

/** What a workplace is opened with. */
export interface Opening {
  /** The user's own files that the cells need, which another machine does not have. */
  files: string[]
  supply: Supply
  /** Whether other machines carry other parts of the run out, so that this one's name must tell it from them. */
  oneOfMany: boolean
}

/**
 * The workplaces, by what `--engine` takes. To add one: its name (lab/model/result.ts), a folder in lab/engine, an entry here.
 *
 * They throw a Fault (exit 3) where the machine is not ready.
 */
export const WORKPLACES: Record<EngineName, (opening: Opening) => Promise<Workplace>> = {
  local: async ({ oneOfMany }) => ({
    engine: localEngine(oneOfMany),
    prepare: prepareAll,
    host: async () => ({ ...(await thisHost()), engine: 'local' as const }),
  }),
  docker: async ({ files, supply, oneOfMany }) => {
    // Only now: a run on this machine needs none of it.
    const { dockerEngine } = await import('../engine/docker/engine.ts')
    const { machine, version, image, prepare, ...engine } = await dockerEngine(files, supply, oneOfMany)
    const { kvm, allowed, ...host } = machine
    return {
      engine,
      prepare: (requests, supply, { keep = () => {}, mayBeNone = false }) =>
        prepare(requests.map(withFullPaths), supply, { keep, mayBeNone }),
      host: async () => ({ ...host, engine: 'docker' as const, image, tools: { ...host.tools, docker: version } }),
    }
  },
}
