import { mkdir, readdir, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { compile } from '../../fixtures/compile.ts'
import { answer, type Event, LOAD, loadSuite, ok, run, serve, type Totals } from '../../fixtures/generator.ts'

/** What the server does with a request, by the letter of the ending that the account must give it. */
const endings: [kind: string, act: (socket: Socket) => unknown][] = [
  ['K', (socket) => answer(socket, ok)],
  ['K', (socket) => answer(socket, 'HTT', 'P/1.1 200 OK\r\nCont', 'ent-LENGTH:  5 \r', '\n\r\nhe', 'llo')],
  ['K', (socket) => answer(socket, 'HTTP/1.0 200 OK\n\n', 'until the end')],
  ['K', (socket) => answer(socket, 'HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n')],
  ['A', (socket) => socket.resetAndDestroy()],
  ['A', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhe', () => socket.resetAndDestroy())],
  ['S', (socket) => socket.end()],
  ['S', (socket) => answer(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhe')],
  ['S', (socket) => answer(socket, 'HTTP/1.1 200 OK\r\n')],
  ['O', (socket) => answer(socket, 'HTTP/1.1 500 Oops\r\ncontent-length: 2\r\n\r\n', 'no')],
  ['O', (socket) => answer(socket, '220 mail.example ESMTP\r\n')],
  ['O', (socket) => answer(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 5x\r\n\r\nhello')],
  ['T', () => {}],
]

const test = loadSuite<{ lateLoad: string }>('load')

test.before(async (context) => {
  context.lateLoad = join(context.dir, 'late-load')
  const late = join(context.dir, 'late.c')
  // A send() that waits until the server has ended the connection: its end comes before the request for sure.
  await writeFile(
    late,
    `#include <poll.h>
     #include <sys/socket.h>
     ssize_t __real_send(int fd, const void *data, size_t size, int flags);
     ssize_t __wrap_send(int fd, const void *data, size_t size, int flags)
     {
       poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 5000);
       return __real_send(fd, data, size, flags);
     }`,
  )
  await compile(context.lateLoad, LOAD, late, '-Wl,--wrap=send')
})

const answering = (socket: Socket) => void socket.once('data', () => answer(socket, ok))

/** A port of the loopback on which nobody listens. */
const deadPort = () =>
  serve(
    () => {},
    async (port) => port,
  )

test('gives each connection the ending that the server gave it', async ({ load }) => {
  const handled: { kind: string; port: number }[] = []
  const onConnection = (socket: Socket) => {
    const [kind, act] = endings[handled.length % endings.length]!
    handled.push({ kind, port: socket.remotePort! })
    socket.once('data', () => act(socket))
  }
  await serve(onConnection, async (port) => {
    const args = ['--port', port, '--users', endings.length, '--timeout-ms', 300, '--duration', 1]
    const { rows, totals } = await run(load, args)
    const count = (kind: string) => handled.filter((one) => one.kind === kind).length
    assert.ok(handled.length >= endings.length)
    assert.is(totals.begun, handled.length)
    assert.is(totals.ok, count('K'))
    assert.equal(
      rows.map(([kind, port]) => `${kind} ${port}`).sort(),
      handled.flatMap(({ kind, port }) => (kind === 'K' ? [] : `${kind} ${port}`)).sort(),
    )
    for (const [kind, , from, to] of rows) assert.ok(kind !== 'T' || to - from >= 300_000)
    assert.is(totals.otherErrno, 0)
    assert.is(totals.injectErrs, 0)
    assert.is(totals.injectTout, count('T'))
    assert.is(totals.injectHits, totals.begun - count('T'))
  })
})

test('tells a reset before the request', async ({ lateLoad }) => {
  const resetting = (socket: Socket) => void socket.resetAndDestroy()
  await serve(resetting, async (port) => {
    const { totals } = await run(lateLoad, ['--port', port, '--users', 3, '--duration', 0.2])
    assert.ok(totals.begun > 0)
    assert.is(totals.resetBefore, totals.begun)
    assert.is(totals.injectErrs, totals.begun)
  })
})

test('tells a reset that came behind the end of the stream', async ({ lateLoad }) => {
  // The server has closed: the request then draws a RST, and recv() shows the FIN only.
  const closing = (socket: Socket) => void socket.destroy()
  await serve(closing, async (port) => {
    const { totals } = await run(lateLoad, ['--port', port, '--users', 3, '--duration', 0.2])
    assert.ok(totals.begun > 0)
    assert.is(totals.resetAfter, totals.begun, JSON.stringify(totals))
    assert.is(totals.short, 0)
    assert.is(totals.injectHits, totals.begun)
  })
})

test('parts the quiet time from that of reloads, at SIGUSR1', async ({ load }) => {
  const server = (socket: Socket) => void socket.once('data', () => setTimeout(() => answer(socket, ok), 5))
  await serve(server, async (port) => {
    const script = `${load} "$@" & sleep 0.4; kill -USR1 $!; wait $!`
    const { stdout } = await $({ quiet: true })`sh -c ${script} sh --port ${port} --users 4 --duration 1`
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Event)
    const phases = events.find(({ e }) => e === 'phases') as Event & Record<'quiet' | 'reloads', Record<string, number>>
    const totals = events.at(-1) as Totals
    const { quiet, reloads } = phases
    assert.ok(quiet.us! >= 300_000 && reloads.us! >= 300_000)
    assert.ok(Math.abs(quiet.us! + reloads.us! - 1_000_000) < 100_000)
    assert.is(quiet.begun! + reloads.begun!, totals.begun)
    const late = totals.ok - quiet.answered! - reloads.answered!
    assert.ok(late >= 0 && late <= 4, 'those in flight at the end are answered in the drain')
    const ofPhase = (phase: string) =>
      events
        .filter((event) => event.e === 'latency' && event.phase === phase)
        .flatMap(({ buckets }) => buckets as [number, number][])
        .reduce((sum, [, count]) => sum + count, 0)
    assert.equal([ofPhase('quiet'), ofPhase('reloads')], [quiet.begun, reloads.begun])
  })
})

test('announces that it has begun, and then takes signals; and that it knows of the reloads', async ({ dir, load }) => {
  // Nobody waits longer than that: a signal that comes too early would kill it.
  const script = `
    announced() { until [ -e "$phases/$1" ]; do kill -0 $! && sleep 0.01 || exit 9; done; }
    phases=$1; shift
    ${load} "$@" --phases "$phases" &
    announced quiet; [ ! -e "$phases/reloads" ] || exit 8; kill -USR1 $!
    announced reloads; kill -INT $!; wait $!`
  await serve(answering, async (port) => {
    const phases = join(dir, 'phases')
    await mkdir(phases)
    const { stdout } = await $({ quiet: true })`sh -c ${script} sh ${phases} --port ${port} --users 4 --rate 5`
    const told = JSON.parse(stdout.split('\n').find((line) => line.includes('"e":"phases"'))!)
    assert.ok(told.quiet.begun > 0, 'it had begun')
    assert.ok(told.reloadsFromUs > 0)
    assert.equal(await readdir(phases), ['quiet', 'reloads'])
  })
})

test('fails where it cannot announce anything', async ({ dir, load }) => {
  const args = ['--port', await deadPort(), '--duration', 1, '--phases', join(dir, 'missing')]
  const { exitCode, stdout } = await $({ quiet: true, nothrow: true })`${load} ${args}`
  assert.is(exitCode, 1)
  const { e, message } = JSON.parse(stdout.trimEnd().split('\n').at(-1)!)
  assert.is(e, 'error')
  assert.match(message, /missing\/quiet: No such file or directory$/)
})

test('tells when the reloads began and when the drain, also while nothing goes on', async ({ load }) => {
  await serve(
    () => {},
    async (port) => {
      const script = `${load} "$@" & sleep 0.5; kill -USR1 $!; sleep 0.4; kill -INT $!; wait $!`
      const { stdout } = await $({ quiet: true })`sh -c ${script} sh --port ${port} --users 4 --timeout-ms 1200`
      const phases = JSON.parse(stdout.split('\n').find((line) => line.includes('"e":"phases"'))!)
      assert.ok(phases.quiet.us > 300_000, `quiet for ${phases.quiet.us} µs`)
      assert.ok(phases.reloads.us > 300_000, `reloads for ${phases.reloads.us} µs`)
    },
  )
})

test('tells how many connections the server held, and none whose SYN is not answered', async ({ load }) => {
  const slowly = (socket: Socket) => void socket.once('data', () => setTimeout(() => answer(socket, ok), 50))
  await serve(slowly, async (port) => {
    const { slots } = await run(load, ['--port', port, '--users', 5, '--duration', 0.3])
    assert.is(Math.max(...slots.map(([, , held]) => held)), 5)
  })
  const { slots } = await run(load, ['--port', await deadPort(), '--users', 5, '--duration', 0.1])
  assert.is(Math.max(...slots.map(([, , held]) => held)), 0)
})

test('keeps every refused connection, however many', async ({ load }) => {
  const { totals } = await run(load, ['--port', await deadPort(), '--duration', 0.5])
  assert.ok(totals.begun > 200, 'rows of more than one line')
  assert.is(totals.refused, totals.begun)
  assert.is(totals.injectErrs, totals.begun)
})

test('counts what it cannot even try, and not for inject', async ({ load }) => {
  const broadcast = ['--address', '255.255.255.255', '--port', 1, '--users', 2, '--duration', 0.1]
  const { exitCode, stdout } = await $({ quiet: true, nothrow: true })`${load} ${broadcast}`
  const totals = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Totals
  assert.is(exitCode, 0)
  assert.ok(totals.begun > 0)
  assert.is(totals.other, totals.begun)
  assert.ok(totals.otherErrno > 0)
  assert.is(totals.injectErrs + totals.injectHits + totals.injectTout, 0)
})

test('keeps the schedule of an open loop', async ({ load }) => {
  await serve(answering, async (port) => {
    const { start, totals } = await run(load, ['--port', port, '--rate', 400, '--users', 50, '--duration', 0.5])
    const due = totals.begun + totals.waiting
    assert.ok(due >= 201)
    assert.ok(due <= (400 * (totals.t - start.t)) / 1e6 + 1)
    assert.is(totals.ok, totals.begun)
  })
})

test('counts the wait for a free user as latency', async ({ load }) => {
  const slowly = (socket: Socket) => void socket.once('data', () => setTimeout(() => answer(socket, ok), 50))
  await serve(slowly, async (port) => {
    const args = ['--port', port, '--rate', 1000, '--users', 2, '--slow-ms', 100, '--duration', 0.5]
    const { totals, buckets } = await run(load, args)
    assert.ok(totals.waiting > totals.begun)
    assert.ok(totals.maxUs > 200_000 && totals.slow > 0)
    const slow = buckets.filter(([edge]) => edge >= 101_000).reduce((sum, [, count]) => sum + count, 0)
    assert.ok(slow <= totals.slow)
    assert.ok(buckets.at(-1)![0] >= totals.maxUs && buckets.at(-1)![0] < totals.maxUs * 1.008)
  })
})

test('drains and tells its totals when a signal ends it', async ({ load }) => {
  await serve(answering, async (port) => {
    for (const signal of ['INT', 'TERM']) {
      const { start, totals, ticks } = await run(`timeout --preserve-status -s ${signal} 1.3 ${load}`, ['--port', port])
      assert.ok(totals.ok > 0)
      assert.is(totals.ok, totals.begun)
      assert.ok(Math.abs(ticks.length - (totals.t - start.t) / 1e6) <= 1)
    }
  })
})

test('tells in each tick on which CPU it is', async ({ load }) => {
  await serve(answering, async (port) => {
    const { ticks } = await run(`taskset -c 0 ${load}`, ['--port', port, '--users', 2, '--duration', 1.2])
    assert.equal(
      ticks.map(({ cpu }) => cpu),
      ticks.map(() => 0),
    )
    assert.ok(ticks.length > 0)
  })
})

test('fuses the ACK and closes with a reset', async ({ load }) => {
  await serve(answering, async (port) => {
    const { start, totals } = await run(load, ['--port', port, '--fused-ack', '--close-with-rst', '--duration', 0.3])
    assert.is(start.fusedAck, true)
    assert.is(start.closeWithRst, true)
    assert.ok(totals.ok > 0)
    assert.is(totals.ok, totals.begun)
  })
})

test('refuses a bad command line', async ({ load }) => {
  const bad = ['', '--port 0', '--port 80x', '--port 1 --users 0', '--port 1 --rate -1', '--port 1 --rate nan']
  bad.push('--port 1 --keep-alive-ms 0', '--port 1 --requests 0', '--port 1 --banner --keep-alive-ms 5')
  bad.push('--port 1 --uri x', '--port 1 --address here', '--port 1 --what', '--port', '--port 1 more')
  for (const line of bad) {
    const { exitCode, stdout, stderr } = await $({
      quiet: true,
      nothrow: true,
    })`${load} ${line.split(' ').filter(Boolean)}`
    assert.is(exitCode, 2, line)
    assert.is(stdout, '')
    assert.match(stderr, /^load: .*\nusage: load --port PORT/)
  }
})

test.run()
