import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quote } from 'zx/core'

/**
 * The folder of one boot in a saved run: cell/ (what ran), command.txt, events.jsonl, console.log. Written as it
 * happens, so that what was measured is there whatever comes next. What an earlier attempt at the boot left is removed first.
 * Every method throws when the disk does not take it.
 */
export class BootFolder {
  constructor(readonly path: string) {
    this.clear()
  }

  /** The boot begins, or begins again. */
  clear() {
    saving(() => {
      rmSync(this.path, { recursive: true, force: true })
      mkdirSync(join(this.path, 'cell'), { recursive: true })
      for (const name of ['events.jsonl', 'console.log']) writeFileSync(join(this.path, name), '')
    })
  }

  /** What the guest was given to do, by name. */
  files(files: Record<string, string>) {
    for (const [name, content] of Object.entries(files))
      saving(() => writeFileSync(join(this.path, 'cell', name), content))
  }

  command(argv: string[]) {
    saving(() => writeFileSync(join(this.path, 'command.txt'), commandText(argv)))
  }

  line(line: string) {
    saving(() => appendFileSync(join(this.path, 'events.jsonl'), `${line}\n`))
  }

  console(text: string) {
    saving(() => appendFileSync(join(this.path, 'console.log'), text))
  }
}

/** A command as command.txt has it: ready for a shell. */
export const commandText = (argv: string[]) => `${argv.map(quote).join(' ')}\n`

function saving(write: () => void) {
  try {
    write()
  } catch (error) {
    throw new Error(`cannot save the run: ${(error as Error).message}`)
  }
}
