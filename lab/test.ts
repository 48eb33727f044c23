import { glob } from 'zx'
import { command } from './cli/command.ts'
import { optionsOf } from './cli/options/table.ts'
import { EXIT } from './model/fault.ts'
import { sum, totalsLine } from './test/totals.ts'

await command(
  {
    command: 'npx tsx lab/test.ts',
    about:
      'Runs the tests. Unit tests need nothing but the code, and run side by side. Files named *.system.test.ts may boot guests, compile, start other programs, and read the committed runs; they run one at a time, for guests side by side would spoil each other.',
    usage: ['[PART…] [--unit]'],
    words: { PART: 'only files whose path holds every one of these' },
    options: optionsOf('test'),
    examples: ['npm test', 'npm run test:unit', 'npm test -- lab/render'],
    notes: 'Exit status: 0 when at least one file ran and no test failed, else 1.',
  },
  async ({ values, words, signal }) => {
    const [{ runUnitTests }, { isSystemTest, runSystemTests }] = await Promise.all([
      import('./test/unit.ts'),
      import('./test/system.ts'),
    ])
    const files = (await glob('{lab,images,cases}/**/*.test.ts')).sort()
    const wanted = files.filter((file) => words.every((part) => file.includes(part)))
    const unit = await runUnitTests(wanted.filter((file) => !isSystemTest(file)))
    const system = values.unit ? [] : await runSystemTests(wanted.filter(isSystemTest), signal)
    const totals = sum([...unit, ...system])
    process.stdout.write(totalsLine(totals))
    return totals.failed || totals.passed === 0 ? EXIT.contradicts : EXIT.expected
  },
  () => ({}),
)
