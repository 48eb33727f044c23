import { command } from './cli/command.ts'
import { optionsOf } from './cli/options/table.ts'
import { EXIT } from './model/fault.ts'
import { meant } from './model/text/spelling.ts'

const LISTS = ['kernels', 'cases', 'variants', 'experiments', 'config', 'schema'] as const

await command(
  {
    command: 'npx tsx lab/list.ts',
    about:
      'What can be measured: kernels, cases, variants among them, and experiments; the kernel configuration that the lab needs; and the JSON Schema of its results.',
    usage: ['[kernels | cases | variants | experiments | config | schema] [options]'],
    options: optionsOf('list'),
    examples: [
      'npx tsx lab/list.ts',
      'npx tsx lab/list.ts kernels --offline',
      'npx tsx lab/list.ts cases',
      'npx tsx lab/list.ts variants',
      'npx tsx lab/list.ts experiments',
      'npx tsx lab/list.ts config > lab.config',
      'npx tsx lab/list.ts schema > reports/result.schema.json',
    ],
    notes: `Each place that kernels come from is asked whether it answers, unless --offline is given. Cached here means in this machine's cache: daemons of --engine docker and swarm have their own. Tables are as wide as the terminal, or as COLUMNS says.
Exit status: 0, or 2 usage.`,
  },
  async ({ values, words, signal }) => {
    // Only now: help and mistakes need none of it.
    const { lists, overview } = await import('./list/lists.ts')
    const wanted = words.length ? LISTS.filter((list) => words.includes(list)) : (['kernels', 'cases'] as const)
    const short = !words.length && !values.json
    process.stdout.write(short ? await overview(values, signal) : await lists(wanted, values, signal))
    return EXIT.expected
  },
  ({ words }) => ({
    before: words
      .filter((word) => !LISTS.some((list) => list === word))
      .map((word) => `${word}: no such list${meant(word, LISTS)}; choose from ${LISTS.join(', ')}`),
  }),
)
