import { command } from './cli/command.ts'
import { halfOfMine, mineOf } from './cli/options/mine.ts'
import { optionsOf } from './cli/options/table.ts'

await command(
  {
    command: 'npx tsx lab/compare.ts',
    about:
      'One comparison out of saved runs: two kernels side by side, or the same cells twice; or one run out of its shards (lab/run.ts --shard). It prints what differs, and saves the whole as a run does: a new folder with result.json, report.md and report.html, reports/<time>-compare unless --out names another. What is read back is checked as strictly as what is measured: its sums, its verdicts, and the counts against the events that the run kept.',
    usage: ['RUN… [options]'],
    words: {
      RUN: 'the folder of a saved run, or its result.json; the reports of a single one are made again. Shards must all be of one run',
    },
    options: optionsOf('compare'),
    examples: [
      'npx tsx lab/compare.ts reports/reference/5.10 reports/reference/6.12',
      'npx tsx lab/compare.ts reports/before reports/after --out /tmp/patched',
      'npx tsx lab/compare.ts reports/before reports/after --format mail > mail.txt',
      'npx tsx lab/compare.ts reports/shard-*',
    ],
    notes:
      'Exit status: that of the cells, as lab/run.ts has it: 0 all as expected, 1 something is not, or shards are missing, 4 a cell failed, 130 a run was interrupted; 2 usage, or a run that cannot be believed.',
  },
  async ({ values, words, argv }) => {
    // Only now: help and mistakes need none of it.
    const { compareRuns } = await import('./run/compare.ts')
    return compareRuns(words, { ...values, mine: mineOf(values) }, ['lab/compare.ts', ...argv])
  },
  ({ words, typed }) => ({
    before: [
      ...(words.length ? [] : ['no run given to compare: expected the folders of saved runs']),
      ...halfOfMine(typed),
      ...(typed.format && typed.json
        ? ['--format: beside --json, which prints the result itself; expected one of them']
        : []),
    ],
  }),
)
