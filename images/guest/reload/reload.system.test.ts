import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { compile, compileText } from '../../fixtures/compile.ts'

// The reloader before proxies that are nothing but processes which listen: what it waits for, and what it refuses.

const test = suite<{ dir: string; cell: string; reload: string; listen: string }>('reload')
const PORT = 18_080 + (process.pid % 1000)
const children: ChildProcess[] = []

test.before(async (context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'reload-'))
  context.cell = join(context.dir, 'cell')
  context.reload = join(context.dir, 'reload')
  context.listen = join(context.dir, 'listen')
  // Listens until it is told to quit: then it closes its listeners, and stays.
  const listen = `#include <netinet/in.h>
     #include <signal.h>
     #include <stdio.h>
     #include <stdlib.h>
     #include <unistd.h>
     int main(int argc, char **argv)
     {
       struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])) };
       int fds[8], one = 1, count = argc > 2 ? atoi(argv[2]) : 1;
       sigset_t quit;
       sigemptyset(&quit);
       sigaddset(&quit, SIGUSR1);
       sigprocmask(SIG_BLOCK, &quit, NULL);
       at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
       for (int i = 0; i < count; i++) {
         fds[i] = socket(AF_INET, SOCK_STREAM, 0);
         setsockopt(fds[i], SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
         if (bind(fds[i], (struct sockaddr *)&at, sizeof(at)) || listen(fds[i], 8))
           return 1;
       }
       puts("listening");
       fflush(stdout);
       sigwaitinfo(&quit, NULL);
       for (int i = 0; i < count; i++)
         close(fds[i]);
       pause();
     }`
  const short = [`-DCELL="${context.cell}"`, '-DSERVE_SECONDS=1', '-DCLOSE_SECONDS=1', '-DDRAIN_SECONDS=1']
  await Promise.all([
    compileText(context.listen, listen),
    compile(context.reload, join(import.meta.dirname, 'reload.c'), ...short),
  ])
})

test.before.each(({ cell }) => rmSync(cell, { recursive: true, force: true }))
test.after.each(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})
test.after(({ dir }) => rmSync(dir, { recursive: true, force: true }))

/** A process that listens; resolves when it does. */
async function listener(listen: string, sockets = 1): Promise<number> {
  const child = spawn(listen, [String(PORT), String(sockets)], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout!, 'data')
  return child.pid!
}

/** Of an event what is looked at here. */
interface Told {
  e: string
  message: string
  old: number
  new: number
  olds?: number[]
  news?: number[]
  reloaded: number
  listener: number
  replaced: number
  listeners: { was: number; is: number; kept: number }
  start: number
  prepared?: { start: number; end: number; old: number }
  closed: number
  drained?: number
  queued?: number
  waiting?: number
}

/** One reload, with these scripts of /cell: the event that it ends with. `serving` prints the file of that name. */
async function reloaded(
  { dir, cell, reload }: { dir: string; cell: string; reload: string },
  before: number[],
  scripts: Record<string, string>,
  ...args: string[]
): Promise<Told> {
  await $({ quiet: true })`mkdir -p ${cell}`
  const pids = join(dir, 'pids')
  writeFileSync(pids, before.join('\n'))
  for (const [name, text] of Object.entries({ serving: `cat ${pids}`, ...scripts }))
    writeFileSync(join(cell, name), text.replaceAll('$PIDS', pids))
  const flags = ['--port', PORT, '--pidfile', join(dir, 'master'), '--seconds', 0.01, '--pause-ms', 20, ...args]
  const { stdout } = await $({ quiet: true, nothrow: true })`${reload} ${flags}`
  return JSON.parse(stdout.trim().split('\n').at(-1)!)
}

test('old and new are all who serve before and after, whenever that changes', async (context) => {
  const old = [await listener(context.listen), await listener(context.listen)]
  const next = [await listener(context.listen), await listener(context.listen), await listener(context.listen)]
  const told = await reloaded(context, old, {
    reload: `(sleep 0.1; echo ${next.join(' ')} >$PIDS; kill -USR1 ${old.join(' ')}) &`,
    after: 'echo "$OLD to $NEW" >$PIDS.said',
  })
  assert.equal([told.e, told.old, told.new], ['reload', old[0], next[0]], JSON.stringify(told))
  assert.equal([told.olds, told.news], [old, next])
  assert.ok(told.reloaded >= 100_000, 'it waited for the new ones')
  assert.is.not(told.listener, told.replaced)
  assert.equal(told.listeners, { was: 2, is: 3, kept: 0 })
  assert.is(told.prepared, undefined)
  assert.is(readFileSync(join(context.dir, 'pids.said'), 'utf8'), `${old.join(' ')} to ${next.join(' ')}\n`)
})

test('one old and one new process are told as numbers alone', async (context) => {
  const [old, next] = [await listener(context.listen), await listener(context.listen, 4)]
  const told = await reloaded(context, [old], { reload: `echo ${next} >$PIDS; kill -USR1 ${old}` })
  assert.equal([told.e, told.old, told.new, told.olds], ['reload', old, next, undefined], JSON.stringify(told))
  assert.equal(told.listeners, { was: 1, is: 4, kept: 0 })
})

test('what prepares a reload comes ahead of it, and may replace who serves', async (context) => {
  const [first, old, next] = [
    await listener(context.listen),
    await listener(context.listen),
    await listener(context.listen),
  ]
  const told = await reloaded(context, [first], {
    prepare: `echo "$OLD" >$PIDS.prepared; echo ${old} >$PIDS; kill -USR1 ${first}; sleep 0.1`,
    before: 'echo "$OLD" >$PIDS.before',
    reload: `echo ${next} >$PIDS; kill -USR1 ${old}`,
  })
  assert.equal([told.e, told.old, told.new], ['reload', old, next], JSON.stringify(told))
  assert.is(told.prepared!.old, first)
  const { start, end } = told.prepared!
  assert.ok(end - start >= 100_000, 'it is no part of the reload')
  assert.ok(told.start - end >= 20_000, 'a pause follows')
  const said = (name: string) => readFileSync(join(context.dir, `pids.${name}`), 'utf8')
  assert.equal([said('prepared'), said('before')], [`${first}\n`, `${old}\n`])
})

test('what prepares a reload fails it, and needs somebody who serves', async (context) => {
  const one = await listener(context.listen)
  const scripts = { prepare: 'exit 3', reload: 'true' }
  assert.match((await reloaded(context, [one], scripts)).message, /^reload 0: .*\/prepare ended with status 3$/)
  assert.match((await reloaded(context, [], scripts)).message, 'nobody served before reload 0 was prepared')
})

test('where a reload replaces nobody, the same must serve', async (context) => {
  const [one, other] = [await listener(context.listen), await listener(context.listen)]
  const told = await reloaded(context, [one, other], { reload: 'true' }, '--replaces-nobody')
  assert.equal([told.e, told.old, told.new], ['reload', one, one], JSON.stringify(told))
  assert.is(told.listener, told.replaced, 'a kept listener')
  assert.equal(told.listeners, { was: 2, is: 2, kept: 2 })
  const { message } = await reloaded(context, [one, other], { reload: `echo ${one} >$PIDS` }, '--replaces-nobody')
  assert.match(message, `reload 0: another proxy after 1 s: process ${one} serves, ${one} ${other} did before`)
})

test('a reload that replaces nobody fails where it should', async (context) => {
  const [one, other] = [await listener(context.listen), await listener(context.listen)]
  const half = await reloaded(context, [one, other], { reload: 'true' })
  assert.match(
    half.message,
    `reload 0: no new proxy after 1 s: process ${one} ${other} serves, ${one} ${other} did before`,
  )
  const none = await reloaded(context, [one], { reload: 'rm $PIDS' })
  assert.match(none.message, 'reload 0: no new proxy after 1 s: process none serves')
})

test('who does not let go, and who listens beside, fail the reload', async (context) => {
  const [old, next] = [await listener(context.listen), await listener(context.listen)]
  const kept = await reloaded(context, [old], { reload: `echo ${next} >$PIDS` })
  assert.match(kept.message, `the old proxy (process ${old}) still listens after 1 s`)
  const stranger = await listener(context.listen)
  const scripts = { reload: `echo ${next} >$PIDS; kill -USR1 ${old}` }
  const beside = await reloaded(context, [old], scripts)
  assert.match(beside.message, `somebody else than the new proxy (process ${next}) listens on port ${PORT}`)
  // The master of nginx holds the sockets of its workers, and those of workers to come.
  const another = await listener(context.listen)
  writeFileSync(join(context.dir, 'master'), `${stranger}\n`)
  const told = await reloaded(context, [next], { reload: `echo ${another} >$PIDS; kill -USR1 ${next}` })
  assert.is(told.e, 'reload', JSON.stringify(told))
})

test('an open loop waits until few wait for accept(), but not for ever', async (context) => {
  const one = await listener(context.listen)
  const args = ['--replaces-nobody', '--drained', '0']
  const empty = await reloaded(context, [one], { reload: 'true' }, ...args)
  assert.equal([empty.e, empty.waiting], ['reload', 0], JSON.stringify(empty))
  assert.ok(empty.drained! - empty.closed < 1_000_000, `it waited ${empty.drained! - empty.closed} µs for nothing`)
  assert.is((await reloaded(context, [one], { reload: 'true' }, '--replaces-nobody')).drained, undefined)

  // Its listener will close.
  const client = connect(PORT, '127.0.0.1').on('error', () => {})
  await once(client, 'connect')
  const left = await reloaded(context, [one], { reload: 'true' }, ...args)
  assert.equal([left.queued, left.waiting], [1, 1])
  assert.ok(left.drained! - left.closed >= 1_000_000, `it gave up after ${left.drained! - left.closed} µs`)
  const few = await reloaded(context, [one], { reload: 'true' }, '--replaces-nobody', '--drained', '1')
  assert.equal([few.queued, few.waiting], [1, 0], 'one is few enough')

  const next = await listener(context.listen)
  const scripts = { prepare: 'true', reload: `echo ${next} >$PIDS; kill -USR1 ${one}` }
  const prepared = await reloaded(context, [one], scripts, '--drained', '0')
  assert.equal([prepared.queued, prepared.waiting], [1, 1], 'what waits after the preparation counts, too')
  client.destroy()
})

test('nobody, the dead, and what is no process id', async (context) => {
  const told = async (serving: string) => (await reloaded(context, [], { serving, reload: 'true' })).message
  assert.match(await told('false'), 'nobody served before reload 0')
  assert.match(await told(`echo ${2 ** 30}`), `the proxy (process ${2 ** 30}) was gone before reload 0`)
  assert.match(await told('echo nobody'), 'reload 0: /cell/serving printed "nobody')
})

test.run()
