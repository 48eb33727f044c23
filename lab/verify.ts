import { command } from './cli/command.ts'
import { optionsOf } from './cli/options/table.ts'

await command(
  {
    command: 'npx tsx lab/verify.ts',
    about:
      'Whether saved runs can be believed: their results are computed again from the events that they kept, and all hashes of what they were made of that this machine can look at are compared. Says item by item what agrees, what differs, and what cannot be checked here and why.',
    usage: ['RUN… [--json]'],
    words: {
      RUN: 'the folder of a saved run, or its result.json; among several, what is none (as in reports/*) and comparisons are passed over',
    },
    options: optionsOf('verify'),
    examples: [
      'npx tsx lab/verify.ts reports/reference/6.1',
      'npx tsx lab/verify.ts reports/*',
      'npx tsx lab/verify.ts reports/reference/5.10 reports/reference/6.1 --json | jq',
    ],
    notes:
      'It boots, builds, fetches and changes nothing. Exit status: 0 all that could be checked agrees, 1 something differs, 2 usage.',
  },
  async ({ values, words }) => {
    // Only now: help and mistakes need none of it.
    const [{ verifyRuns }, { columnsOf }] = await Promise.all([
      import('./verify/verify.ts'),
      import('./render/terminal/fit.ts'),
    ])
    return verifyRuns(
      words,
      values.json,
      columnsOf(process.stdout),
      (line) => void process.stderr.write(`note: ${line}\n`),
    )
  },
  ({ words }) => ({ before: words.length ? [] : ['no run given to verify: expected the folders of saved runs'] }),
)
