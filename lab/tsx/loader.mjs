// What `node --import tsx` loads. By itself tsx keeps what it compiles in /tmp/tsx-UID, and runs what it finds there: a
// folder that any user can make first. It has no option for another place but TMPDIR, which is the lab's as well: so it is
// another one only while tsx is loaded.
import { isMainThread } from 'node:worker_threads'
import { privateFolder } from './folder.mjs'

/** Nobody can make a folder there. tsx also looks there for who started it. */
const NOWHERE = '/dev/null'

const folder = privateFolder()
const before = { TMPDIR: process.env.TMPDIR, TSX_DISABLE_CACHE: process.env.TSX_DISABLE_CACHE }
process.env.TMPDIR = folder ?? NOWHERE
if (!folder) process.env.TSX_DISABLE_CACHE = '1'
try {
  // The package itself, by another name.
  await import('tsx-itself')
  // It loads TypeScript in the main thread only, unless it is asked.
  if (!isMainThread) (await import('tsx-itself/esm/api')).register()
} finally {
  for (const [name, value] of Object.entries(before))
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
}

// lab/cli/transforms.ts asks for it: it cannot import this file, as that would load tsx.
globalThis[Symbol.for('hitless: what tsx compiles')] = { folder }
