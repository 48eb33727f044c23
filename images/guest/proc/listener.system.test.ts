import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { compile, compileText } from '../../fixtures/compile.ts'

const test = suite<{ dir: string; ask: string; keep: string; drained: string; listening: string; alone: string }>(
  'listeners',
)

test.before(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'listener-'))
  context.ask = join(context.dir, 'ask')
  context.keep = join(context.dir, 'keep')
  context.drained = join(context.dir, 'drained')
  await compile(context.drained, join(import.meta.dirname, '../commands/drained.c'))
  context.listening = join(context.dir, 'listening')
  context.alone = join(context.dir, 'alone')
  await compile(context.listening, join(import.meta.dirname, '../commands/listening.c'))
  await compile(context.alone, join(import.meta.dirname, '../commands/alone.c'))
  // Listens on two sockets, accepts from neither until it reads a letter, then what waits in both.
  await compileText(
    context.keep,
    `#define _GNU_SOURCE
     #include <fcntl.h>
     #include <netinet/in.h>
     #include <stdio.h>
     #include <sys/socket.h>
     #include <unistd.h>
     int main(void)
     {
       struct sockaddr_in at = { .sin_family = AF_INET };
       socklen_t size = sizeof(at);
       int fds[2], one = 1;
       at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
       for (int i = 0; i < 2; i++) {
         fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
         setsockopt(fds[i], SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
         if (bind(fds[i], (struct sockaddr *)&at, sizeof(at)) || listen(fds[i], 8))
           return 1;
         getsockname(fds[i], (struct sockaddr *)&at, &size);
       }
       printf("%d\\n", ntohs(at.sin_port));
       fflush(stdout);
       getchar();
       for (int i = 0; i < 2; i++)
         while (accept(fds[i], NULL, NULL) >= 0)
           ;
       pause();
     }`,
  )
  await compileText(
    context.ask,
    `#include "proc/listener.h"
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

test('listening names the processes that listen; alone tells whether their port lets a second socket in', async (context) => {
  const { keep, listening, alone } = context
  const said = async (program: string, ...args: number[]) =>
    (await $({ quiet: true })`${program} ${args}`).stdout.trim()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const child = spawn(keep, { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    const [shared] = (await once(child.stdout, 'data')) as [Buffer]
    assert.is(await said(listening, process.ppid, process.pid, child.pid!, port), `${process.pid}`)
    assert.is(await said(listening, process.ppid, child.pid!, Number(shared)), `${child.pid}`)
    assert.is(await said(listening, process.ppid, port), '', 'nobody')
    assert.is(await said(alone, port), '1', 'without SO_REUSEPORT')
    assert.is(await said(alone, Number(shared)), '0', 'with it')
  } finally {
    child.kill('SIGKILL')
    server.close()
  }
})

test('drained waits until every accept queue on the port is empty, or those of some processes', async ({
  keep,
  drained,
}) => {
  const child = spawn(keep, { stdio: ['pipe', 'pipe', 'inherit'] })
  const clients: ReturnType<typeof connect>[] = []
  try {
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    const port = Number(said)
    assert.is(await $({ quiet: true })`${drained} ${port}`.exitCode, 0, 'nothing waits')
    for (let i = 0; i < 4; i++) {
      clients.push(connect(port, '127.0.0.1'))
      await once(clients[i]!, 'connect')
    }
    let over = false
    const waits = $({ quiet: true })`${drained} ${port}`.then(() => {
      over = true
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    assert.not(over, 'four wait')
    const stranger = await $({ quiet: true, nothrow: true })`${drained} ${process.pid} ${port}`
    assert.match(stranger.stderr, `none of the processes listens on port ${port}`)
    child.stdin.write('x')
    await waits
    assert.is(await $({ quiet: true })`${drained} ${child.pid!} ${port}`.exitCode, 0, 'nothing waits in its listeners')
  } finally {
    for (const client of clients) client.destroy()
    child.kill('SIGKILL')
  }
  const nobody = await $({ quiet: true, nothrow: true })`${drained} 1`
  assert.is(nobody.exitCode, 1)
  assert.match(nobody.stderr, 'after 5 s 0 connections wait in 0 listeners on port 1')
})

test('up to Linux 4.3 connections in SYN_RECV follow each listener', async ({ dir }) => {
  const [program, file] = [join(dir, 'listing'), join(dir, 'tcp')]
  await compileText(
    program,
    `#include "proc/listener.h"
     int main(void)
     {
       struct listeners all = { 0 };
       bool again = listeners_read_once(&all, 8080);
       listeners_read(&all, 8080);
       printf("%d", again);
       for (int i = 0; i < all.count; i++)
         printf(" %lu:%u", all.inode[i], all.queue[i]);
       printf(" %u\\n", all.waiting);
     }`,
    `-DPROC_NET_TCP="${file}"`,
  )
  const row = (port: number, state: string, waiting: number, inode: number) =>
    `   0: 0100007F:${port.toString(16).toUpperCase()} 00000000:0000 ${state} 00000000:0000000${waiting} 00:00000000 00000000     0        0 ${inode}`.padEnd(
      149,
    )
  const said = async (rows: string[]) => {
    await writeFile(file, ['  sl  local_address'.padEnd(149), ...rows, ''].join('\n'))
    return (await $({ quiet: true })`${program}`).stdout.trim()
  }
  const [first, half, second] = [row(8080, '0A', 2, 11), row(8080, '03', 0, 0), row(8080, '0A', 3, 12)]
  const behind = [row(8080, '01', 0, 13), row(8080, '0A', 4, 14)]
  assert.is(await said([first, half, row(80, '0A', 1, 10), second, ...behind]), '0 11:2 12:3 5')
  assert.is(await said([first, ...Array(40).fill(half), second, ...behind]), '1 11:2 12:3 5', 'another page')
  assert.is(await said([first, ...Array(40).fill(row(80, '0A', 0, 10)), second, ...behind]), '0 11:2 12:3 5')
})

test.run()
