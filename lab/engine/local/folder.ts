import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quote } from 'zx'

/** Lines; a panic with its call trace fits. */
const TAIL = 60

/**
 * The folder of one cell in a saved run: cell/ (what ran), command.txt, events.jsonl, console.log. Written as it
 * happens, so that what was measured is there whatever comes next. What an earlier attempt at the cell left goes first.
 * Every method throws when the disk does not take it.
 */
export class CellFolder {
  #console = ''

  constructor(
    readonly path: string,
    files: Record<string, string>,
  ) {
    rmSync(path, { recursive: true, force: true })
    mkdirSync(join(path, 'cell'), { recursive: true })
    for (const [name, content] of Object.entries(files)) writeFileSync(join(path, 'cell', name), content)
    for (const name of ['events.jsonl', 'console.log']) writeFileSync(join(path, name), '')
  }

  command(argv: string[]) {
    writeFileSync(join(this.path, 'command.txt'), `${argv.map(quote).join(' ')}\n`)
  }

  line(line: string) {
    appendFileSync(join(this.path, 'events.jsonl'), `${line}\n`)
  }

  console(text: string) {
    this.#console += text
    appendFileSync(join(this.path, 'console.log'), text)
  }

  /** The last lines of the console. */
  consoleTail(): string[] {
    return this.#console.trimEnd().split(/\r?\n/).filter(Boolean).slice(-TAIL)
  }
}
