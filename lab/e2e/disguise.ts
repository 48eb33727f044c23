import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cpuNumbers } from '../guest/cpus/pairs.ts'
import { allowedCpus } from '../guest/threads.ts'

/** Its words are those of a command line of the runtime; `--bundle` names the folder with what is asked for. */
const PUT_ON = `
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const [, , worn, ...words] = process.argv
const config = words[words.indexOf('--bundle') + 1] + '/config.json'
if (existsSync(worn)) {
  const spec = JSON.parse(readFileSync(config, 'utf8'))
  spec.mounts.push(...JSON.parse(readFileSync(worn, 'utf8')))
  writeFileSync(config, JSON.stringify(spec))
}
`

/**
 * Makes another machine of this one for the containers of a daemon: files of /proc and /sys lie over the kernel's, as lxcfs
 * has them. A runtime of the daemon's adds the mounts, so that what asks for a container need know nothing of it.
 */
export class Disguise {
  /** @param folder of its own */
  constructor(readonly folder: string) {}

  /** Words for the command line of the daemon, which must not run yet. */
  words(): string[] {
    mkdirSync(this.folder, { recursive: true })
    const [runtime, program] = [join(this.folder, 'runtime'), join(this.folder, 'put-on.cjs')]
    writeFileSync(program, PUT_ON)
    const putOn = `'${process.execPath}' '${program}' '${this.#worn}' "$@" || exit`
    writeFileSync(runtime, `#!/bin/sh\ncase " $* " in *' create '*) ${putOn};; esac\nexec runc "$@"\n`)
    chmodSync(runtime, 0o755)
    return [`--add-runtime=disguised=${runtime}`, '--default-runtime=disguised']
  }

  /** Containers that begin from now on have these files, by path. */
  wear(files: Record<string, string>) {
    const mounts = Object.entries(files).map(([destination, text], i) => {
      const source = join(this.folder, `file-${i}`)
      writeFileSync(source, text)
      return { destination, source, type: 'bind', options: ['bind', 'ro'] }
    })
    writeFileSync(this.#worn, JSON.stringify(mounts))
  }

  takeOff() {
    rmSync(this.#worn, { force: true })
  }

  get #worn(): string {
    return join(this.folder, 'worn.json')
  }
}

/** What makes all CPUs that this process may use threads of one physical core. */
export function oneCore(): Record<string, string> {
  const cpus = cpuNumbers(allowedCpus('self'))
  return Object.fromEntries(
    cpus.map((cpu) => [`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`, `${cpus.join()}\n`]),
  )
}
