import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What no unit test may start: guests, namespaces, compilers, and what reads archives. */
const FORBIDDEN = ['qemu-system-x86_64', 'unshare', 'gcc', 'cc', 'musl-gcc', 'make', 'apt-get', 'gpg', 'dpkg-deb']

/** Nothing listens there; programs that heed the proxies of the environment reach no other host. */
const NOWHERE = 'http://127.0.0.1:9'

/** Catches what a unit test must not do. */
export interface Tripwire {
  /** An environment without guests, compilers, network, and with an empty cache. */
  env: NodeJS.ProcessEnv
  /** The forbidden programs that were started since the last time. */
  caught(): string[]
  remove(): void
}

/** Programs in front of the PATH that start nothing, fail, and leave their names. They may be asked for their version. */
export function setTripwire(): Tripwire {
  const folder = mkdtempSync(join(tmpdir(), 'hitless-unit-'))
  const [programs, log] = [join(folder, 'bin'), join(folder, 'started')]
  mkdirSync(programs)
  for (const name of FORBIDDEN) {
    writeFileSync(join(programs, name), `#!/bin/sh\n[ "$1" = --version ] || echo ${name} >>'${log}'\nexit 1\n`)
    chmodSync(join(programs, name), 0o755)
  }
  const proxies = Object.fromEntries(
    ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((name) => [name, NOWHERE]),
  )
  const local = { no_proxy: '127.0.0.1,localhost', NO_PROXY: '127.0.0.1,localhost' }
  return {
    env: {
      ...process.env,
      ...proxies,
      ...local,
      PATH: `${programs}:${process.env.PATH}`,
      XDG_CACHE_HOME: join(folder, 'cache'),
    },
    caught() {
      if (!existsSync(log)) return []
      const names = readFileSync(log, 'utf8').trim().split('\n')
      rmSync(log)
      return [...new Set(names)]
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
