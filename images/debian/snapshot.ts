import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { notReady } from '../../lab/model/fault.ts'
import type { Supply } from '../../lab/model/supply.ts'
import { readJson } from '../../lab/model/text/mistakes.ts'
import { binariesOf, fetchFile, packagesIndex, sameVersion } from './archive.ts'
import { PATIENCE, type Patience, read } from './http.ts'
import { snapshotUri } from './mirrors.ts'
import { Distrusted } from './signature.ts'
import type { Store } from './stanzas.ts'
import { identityOf } from './trust/suites.ts'
import { compareVersions } from './version.ts'

/** snapshot.debian.org serves everybody from few disks, so the lab asks slowly and waits long. */
const POLITE: Patience = { ...PATIENCE, retryMs: 5000, pauseMs: 1000 }

/** The most bytes of an answer of the API. */
const ANSWER = 10_000_000

const Versions = v.object({ result: v.array(v.object({ binary_version: v.string() })) })
const FileInfo = v.object({
  archive_name: v.string(),
  /** When the file was first seen (20130702T040000Z), which names a state of the whole archive. */
  first_seen: v.string(),
})
const Files = v.object({
  result: v.array(v.object({ architecture: v.string(), hash: v.string() })),
  fileinfo: v.record(v.string(), v.array(FileInfo)),
})

/**
 * One kernel package in the archive of every package that Debian ever had, by its API
 * (https://salsa.debian.org/snapshot-team/snapshot/raw/master/API). The API names files by SHA-1 only; the signed index
 * of the day on which a file came makes it trusted.
 */
export function snapshotStore(wanted: { package: string; suite: string }, supply: Supply, patience = POLITE): Store {
  const base = snapshotUri(supply)
  const api = `${base}/mr/binary/${wanted.package}`
  let index = ''
  let sha1 = ''
  return {
    async images(matches) {
      supply.note(`asking ${base} for ${wanted.package}`)
      const { result } = await answer(Versions, `${api}/`, supply, patience)
      const versions = result.map(({ binary_version }) => binary_version).sort((a, b) => compareVersions(b, a))
      const version = versions.find((version) => matches({ package: wanted.package, version }))
      if (!version) return []
      const files = await answer(Files, `${api}/${version}/binfiles?fileinfo=1`, supply, patience)
      sha1 = files.result.find(({ architecture }) => architecture === 'amd64')?.hash ?? ''
      const seen = files.fileinfo[sha1]?.find(({ archive_name }) => archive_name === 'debian')
      if (!seen) throw notReady(`${base} has no ${wanted.package} ${version} for amd64`)
      const suite = `archive/${seen.archive_name}/${seen.first_seen}/dists/${wanted.suite}`
      index = await packagesIndex(`${base}/${suite}`, identityOf(wanted.suite), supply, patience)
      const found = binariesOf(index, wanted.package, suite).filter((image) => image.version === version)
      if (!found.length) throw notReady(`${base}/${suite} does not list ${wanted.package} ${version}`)
      return found
    },
    sibling: async (name, image) => binariesOf(index, name, image.suite).find(sameVersion(image)) ?? null,
    async fetch(image, dir) {
      const path = await fetchFile(`${base}/file/${sha1}`, image, dir, supply, patience)
      const found = createHash('sha1')
        .update(await readFile(path))
        .digest('hex')
      if (found !== sha1) throw new Distrusted(`${base}/file/${sha1} is another file: its SHA-1 is ${found}`)
      return path
    },
  }
}

async function answer<T>(
  schema: v.GenericSchema<unknown, T>,
  uri: string,
  supply: Supply,
  patience: Patience,
): Promise<T> {
  const { output, mistakes } = readJson(schema, (await read(uri, ANSWER, supply, patience)).toString())
  if (mistakes) throw notReady(`${uri} does not answer as snapshot's API does: ${mistakes[0]}`)
  return output
}
