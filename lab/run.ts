import { main } from './cli/main.ts'
import { parseRun } from './cli/options/run.ts'
import { EXIT } from './model/fault.ts'

await main(async (argv, signal) => {
  const options = await parseRun(argv)
  if (typeof options === 'string') {
    process.stdout.write(options)
    return EXIT.expected
  }
  // Only now: help and mistakes need none of it.
  if (!('resume' in options) && options.plan)
    return (await import('./run/preview/print.ts')).printPreview(options, signal)
  const { measureRun } = await import('./run/measure.ts')
  return measureRun(options, ['lab/run.ts', ...argv], signal)
})
