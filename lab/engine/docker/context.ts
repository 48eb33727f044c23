import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import tar from 'tar-fs'
import * as v from 'valibot'
import { sha256 } from '../../../images/cache/cache.ts'
import { hostApt } from '../../../images/debian/host-apt.ts'
import { labFiles } from '../../../images/lab-files.ts'
import type { Supply } from '../../model/supply.ts'
import { readJson } from '../../model/text/mistakes.ts'

/** The lab's own directory. */
const HOME = fileURLToPath(new URL('../../..', import.meta.url))

/** The suite of Debian that the image is made of: it has Node.js 20, which that of Debian 12 does not. */
const SUITE = 'trixie'

/** What the image is made of unless HITLESS_DOCKER_BASE names another image of that suite. */
const BASE = 'debian:trixie-slim'

/** What an image is built from. */
export interface Context {
  base: string
  /** Names all of it by content. */
  hash: string
  /** As the daemon takes it: a tar archive. */
  pack: () => Readable
}

const DOCKERFILE = 'images/Dockerfile'
const LOCK = 'package-lock.json'

/** Collects what the image is built from: the lab's files, its packages as they are installed, and how the host's apt fetches. */
export async function contextOf(supply: Supply, environment = process.env): Promise<Context> {
  const base = environment.HITLESS_DOCKER_BASE || BASE
  // A folder that is copied may not be missing.
  const apt = { 'apt.conf.d/91hitless': 'APT::Install-Suggests "false";\n', ...(await hostApt(SUITE, supply)) }
  const files = labFiles(HOME)
  const contents = files.map((file) => readFileSync(join(HOME, file)))
  const hash = sha256(base, JSON.stringify(apt), files.join('\n'), ...contents).slice(0, 12)
  return { base, hash, pack: () => packed(apt, files) }
}

function packed(apt: Record<string, string>, files: string[]): Readable {
  return tar.pack(HOME, {
    entries: [...files, ...packages()],
    map: (header) => ({ ...header, name: placeOf(header.name), uid: 0, gid: 0 }),
    finalize: false,
    finish: (pack) => {
      for (const [name, text] of Object.entries(apt)) pack.entry({ name: `apt/${name}` }, text)
      pack.entry({ name: 'Dockerfile' }, readFileSync(join(HOME, DOCKERFILE)))
      pack.finalize()
    },
  })
}

const placeOf = (name: string) => (name.startsWith('node_modules/') ? name : `hitless/${name}`)

const Lock = v.object({ packages: v.record(v.string(), v.object({ dev: v.optional(v.boolean(), false) })) })

/** The folders of the packages that the lab runs with, as npm has laid them out here. */
function packages(): string[] {
  const { output } = readJson(Lock, readFileSync(join(HOME, LOCK), 'utf8'))
  return Object.entries(output!.packages)
    .filter(([path, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev && existsSync(join(HOME, path)))
    .map(([path]) => path)
}
