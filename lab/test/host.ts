import { main } from '../cli/main.ts'
import { EXIT } from '../model/fault.ts'
import { ensureHost } from './system.ts'

// For .ci/run, which checks the code meanwhile. lab/test.ts finds all of it there.
await main(async (_, signal) => {
  await ensureHost(signal)
  return EXIT.expected
})
