import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { command } from './cli/command.ts'
import { optionsOf } from './cli/options/table.ts'
import { EXIT } from './model/fault.ts'

await command(
  {
    command: 'npx tsx lab/worker.ts',
    about:
      'What the lab starts on another machine, or in a container: carries out one order and answers on stdout. People have no use for it; lab/engine/README.md says who has.',
    usage: ['[ORDER]'],
    words: { ORDER: 'a file with the order, one line of JSON; without it, the first line of stdin' },
    options: optionsOf('worker'),
    examples: [`echo '{"do":"describe"}' | npx tsx lab/worker.ts`],
    notes: 'Exit status: 0 when it has answered, whatever it answers; 2 usage, such as an order that is none.',
  },
  async ({ words: [file], signal }) => {
    // Only now: help and mistakes need none of it.
    const { obey } = await import('./worker/obey.ts')
    await obey(file === undefined ? await firstLine() : readFileSync(file, 'utf8'), signal)
    return EXIT.expected
  },
  ({ words }) => ({ before: words.slice(1).map((word) => `${word}: expected one file with one order`) }),
)

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line
  return ''
}
