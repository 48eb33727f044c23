import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { compileText } from '../fixtures/compile.ts'

const test = suite<{ dir: string; ask: string }>('listeners')

test.before(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'listener-'))
  context.ask = join(context.dir, 'ask')
  await compileText(
    context.ask,
    `#include "listener.h"
     int main(int argc, char **argv)
     {
       struct pids pids;
       if (argc != 3 || !pids_read(&pids, argv[1]))
         return 2;
       printf("%d %d\\n", listens(&pids, atoi(argv[2])), strangers_beside(&pids, atoi(argv[2])));
     }`,
  )
})

test.after(({ dir }) => rm(dir, { recursive: true, force: true }))

test('tells who listens on a port, and that somebody else does', async ({ ask }) => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const said = async (...pids: number[]) => (await $({ quiet: true })`${ask} ${pids.join(' ')} ${port}`).stdout.trim()
  try {
    assert.is(await said(process.pid), '1 0')
    assert.is(await said(process.ppid), '0 1', 'this one is the stranger')
    assert.is(await said(process.ppid, process.pid), '1 0', 'of several one is enough')
  } finally {
    server.close()
  }
  assert.is(await said(process.pid), '0 0')
})

test.run()
