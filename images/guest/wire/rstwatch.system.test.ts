import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { compile, compileText } from '../../fixtures/compile.ts'

// The two counts of RSTs, on a loopback and in a network namespace of the test's own.

const test = suite<{ dir: string; watch: string; refused: string }>('rstwatch')

test.before(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'rstwatch-'))
  context.watch = join(context.dir, 'rstwatch')
  context.refused = join(context.dir, 'refused')
  // Connects where nobody listens, which draws a RST each time: so often, then it ends a process, and so often again.
  const refused = `#include <arpa/inet.h>
     #include <signal.h>
     #include <stdlib.h>
     #include <unistd.h>
     int main(int argc, char **argv)
     {
       struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(8080) };
       at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
       int before = argc == 4 ? atoi(argv[1]) : 0, after = argc == 4 ? atoi(argv[3]) : 0;
       for (int i = 0; i < before + after; i++) {
         int fd = socket(AF_INET, SOCK_STREAM, 0);
         if (i == before)
           kill(atoi(argv[2]), SIGTERM);
         if (!connect(fd, (struct sockaddr *)&at, sizeof(at)))
           return 1;
         close(fd);
       }
     }`
  await Promise.all([
    compile(context.watch, join(import.meta.dirname, 'rstwatch.c')),
    compileText(context.refused, refused),
  ])
})

test.after(({ dir }) => rm(dir, { recursive: true, force: true }))

test('what passes while it ends is in both counts or in neither', async ({ dir, watch, refused }) => {
  const told = join(dir, 'told')
  const script = `
    mount -t tmpfs none /run
    ip link set lo up
    ${watch} 8080 lo >${told} & watch=$!
    until [ -e /run/watching ]; do kill -0 $watch || exit 1; sleep 0.01; done
    ${refused} 500 $watch 2000
    wait $watch`
  await $({ quiet: true })`unshare --net --mount sh -ec ${script}`
  const events = (await $({ quiet: true })`cat ${told}`).stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const rows = events.flatMap(({ e, rows }) => (e === 'rsts' ? rows : []))
  const { growth, tapDropped } = events.find(({ e }) => e === 'counters')
  assert.is(tapDropped, 0)
  assert.is(growth.OutRsts, 2500)
  assert.is(rows.length, 2500)
  assert.ok(rows.every(([who]: [string]) => who === 'Q'))
})

test.run()
