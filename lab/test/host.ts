import { ensureHost } from './system.ts'

// For .ci/run, which checks the code meanwhile. lab/test.ts finds all of it there.
await ensureHost()
