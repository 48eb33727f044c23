import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { $ } from 'zx'
import { compile } from '../../fixtures/compile.ts'

type Event = { e: string; t: number } & Record<string, unknown>
type Row = [kind: string, port: number, begun: number, ended: number, answers: number, method: string, asked: number]
type Ending = 'ok' | 'resetBefore' | 'resetAfter' | 'refused' | 'timeout' | 'short' | 'other'
type Inject = 'injectErrs' | 'injectHits' | 'injectTout'
type Totals = Event &
  Record<
    Ending | Inject | 'begun' | 'ungreeted' | 'waiting' | 'slow' | 'lost' | 'maxUs' | 'firstUs' | 'otherErrno',
    number
  >

const ok = 'HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: /\r\n\r\n'
const pause = () => new Promise((done) => setTimeout(done, 5))

/** Sends each part by itself, then the end of the stream. */
async function answer(socket: Socket, ...parts: string[]) {
  for (const part of parts) {
    socket.write(part)
    await pause()
  }
  socket.end()
}

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

const test = suite<{ dir: string; load: string; lateLoad: string }>('load')

test.before(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'load-'))
  context.load = join(context.dir, 'load')
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
  const source = join(import.meta.dirname, 'load.c')
  await Promise.all([compile(context.load, source), compile(context.lateLoad, source, late, '-Wl,--wrap=send')])
})

test.after(({ dir }) => rm(dir, { recursive: true, force: true }))

/** Serves on a free port of the loopback while `use` runs. */
async function serve<T>(onConnection: (socket: Socket) => void, use: (port: number) => Promise<T>): Promise<T> {
  const sockets: Socket[] = []
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => {}).on('end', () => socket.end())
    onConnection(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    return await use((server.address() as AddressInfo).port)
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

const answering = (socket: Socket) => void socket.once('data', () => answer(socket, ok))

/** A port of the loopback on which nobody listens. */
const deadPort = () =>
  serve(
    () => {},
    async (port) => port,
  )

/** Runs a load; checks what holds for every one; returns its lost rows, latency buckets and totals. */
async function run(load: string, args: (string | number)[]) {
  const { exitCode, stdout, stderr } = await $({ quiet: true, nothrow: true })`${load.split(' ')} ${args}`
  assert.is(stderr, '')
  assert.is(exitCode, 0)
  const lines = stdout.trimEnd().split('\n')
  for (const line of lines) assert.ok(Buffer.byteLength(line) < 4000)
  const events = lines.map((line) => JSON.parse(line) as Event)
  const all = (name: string) => events.filter(({ e }) => e === name)
  const rows = all('lost').flatMap((event) => event.rows as Row[])
  const bucketsOf = (name: string) =>
    all('latency').flatMap(({ phase, buckets }) => (phase === name ? (buckets as [number, number][]) : []))
  const phases = ['quiet', 'reloads'].map(bucketsOf)
  const buckets = phases.flat()
  const slots = all('slots').flatMap((event) => event.rows as [number, number, number][])
  const totals = events.at(-1) as Totals

  assert.is(events[0]?.e, 'load-start')
  assert.is(totals.e, 'load')
  const { begun, resetBefore, resetAfter, refused, timeout, short, other } = totals
  assert.is(resetBefore + resetAfter + refused + timeout + short + other, totals.lost)
  assert.is(totals.ok + totals.lost, begun)
  assert.is(rows.length, totals.lost)
  const kinds = (kind: string) => rows.filter((row) => row[0] === kind).length
  assert.equal(['B', 'A', 'R', 'T', 'S', 'O'].map(kinds), [resetBefore, resetAfter, refused, timeout, short, other])
  assert.is(
    buckets.reduce((sum, [, count]) => sum + count, 0),
    totals.ok,
  )
  for (const each of phases) assert.ok(each.every(([edge], i) => i === 0 || edge > each[i - 1]![0]))
  const total = (column: 0 | 1) => slots.reduce((sum, row) => sum + row[column], 0)
  assert.equal([total(0), total(1)], [begun, totals.ok], 'slots hold every beginning and every good end')
  for (const [, port, from, to] of rows) assert.ok(port > 0 && from >= totals.firstUs && to > from)
  const kept = all('kept')[0] as Event & Record<string, number>
  return { kept, start: events[0]!, rows, buckets, totals, slots, phases: all('phases')[0]!, ticks: all('tick') }
}

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

/** A connection as the server of {@link keeping} saw it. */
interface Served {
  port: number
  /** The methods of its requests. */
  methods: string[]
  /** How the server ended it, by the letter that the account must have. */
  kind?: string
}

const kept = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const last = 'HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 0\r\n\r\n'

/** How it ends a connection with the request that it does not answer as usual. */
const keptEndings: [kind: string, act: (socket: Socket) => unknown][] = [
  ['A', (socket) => socket.resetAndDestroy()],
  ['S', (socket) => socket.end()],
  ['K', (socket) => answer(socket, last)],
  ['O', (socket) => socket.write('HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n')],
  ['K', (socket) => socket.write(kept, () => setTimeout(() => socket.end(), 3))],
  ['B', (socket) => socket.write(kept, () => setTimeout(() => socket.resetAndDestroy(), 3))],
  ['T', () => {}],
  ['K', (socket) => socket.write(kept)],
]

/** Answers so many requests of each connection, then ends it in the way that is its turn. */
function keeping(served: Served[], answers: number) {
  return (socket: Socket) => {
    const [kind, act] = keptEndings[served.length % keptEndings.length]!
    const one: Served = { port: socket.remotePort!, methods: [] }
    served.push(one)
    // The load stopped before the server's own ending came.
    socket.on('end', () => {
      if (one.kind === 'B') one.kind = 'K'
    })
    socket.on('data', (data) => {
      const text = data.toString()
      assert.match(text, /^(GET|POST) \/ HTTP\/1\.1\r\n/)
      assert.is(text.endsWith(text.startsWith('POST') ? '\r\n\r\nhello\n' : '\r\n\r\n'), true)
      one.methods.push(text[0]!)
      if (one.methods.length <= answers) socket.write(kept)
      else if (one.methods.length === answers + 1) {
        one.kind = kind
        act(socket)
      } else socket.write(kept)
    })
  }
}

for (const answers of [0, 1, 3])
  test(`gives each kept connection its ending, after ${answers} answers`, async ({ load }) => {
    const served: Served[] = []
    await serve(keeping(served, answers), async (port) => {
      const args = ['--port', port, '--users', keptEndings.length, '--keep-alive-ms', 80, '--requests', answers + 2]
      const { start, rows, totals, kept } = await run(load, [...args, '--timeout-ms', 300, '--duration', 1])
      assert.equal(start.keepAlive, { pauseMs: 80, requests: answers + 2 })
      const known = new Map(served.map((one) => [one.port, one]))
      const ended = rows.map(([kind, port, begun, , had, method, asked]) => {
        const { methods, kind: expected } = known.get(port)!
        // Who was reset while it paused had its answer.
        assert.is(kind, expected)
        assert.is(had, kind === 'B' ? answers + 1 : answers)
        assert.is(method, kind === 'B' ? '-' : methods.at(-1))
        assert.ok(kind === 'B' ? asked === 0 : had ? asked >= begun + 40_000 * had : asked === begun)
        return kind
      })
      const of = (kind: string) => served.filter((one) => one.kind === kind).length
      for (const kind of ['A', 'B', 'S', 'O', 'T']) assert.is(ended.filter((one) => one === kind).length, of(kind))
      assert.ok(of('A') > 0 && of('B') > 0)
      assert.is(totals.begun, served.length)

      const methods = served.flatMap((one) => one.methods)
      assert.is(kept.requests, methods.length)
      assert.is(kept.posts, methods.filter((method) => method === 'P').length)
      assert.is(kept.answers, methods.length - of('A') - of('S') - of('O') - of('T'))
      const reused = (kind: string) => (answers || kind === 'B' ? of(kind) : 0)
      assert.is(kept.resets, reused('A') + reused('B'))
      assert.is(kept.shorts, reused('S'))
      const posts = served.filter((one) => one.kind === 'A' && one.methods.at(-1) === 'P').length
      assert.is(kept.resetPosts, answers ? posts : 0)
    })
  })

test('every other request of a kept connection is a POST, and some begin with one', async ({ load }) => {
  const served: Served[] = []
  await serve(keeping(served, 100), async (port) => {
    const args = ['--port', port, '--users', 8, '--keep-alive-ms', 5, '--requests', 6, '--duration', 0.5]
    const { totals, kept } = await run(load, args)
    assert.is(totals.ok, totals.begun)
    assert.is(kept.answers, kept.requests)
    for (const { methods } of served) assert.not.match(methods.join(''), /GG|PP|^$/)
    assert.ok(served.every(({ methods }) => methods.length <= 6))
    assert.ok(served.some(({ methods }) => methods.length === 6))
    assert.equal([...new Set(served.map(({ methods }) => methods[0]))].sort(), ['G', 'P'])
  })
})

test('the latency of a kept connection is that of its slowest answer, without its pauses', async ({ load }) => {
  let requests = 0
  const slow = (socket: Socket) =>
    void socket.on('data', () => setTimeout(() => socket.write(kept), ++requests % 3 === 2 ? 40 : 0))
  await serve(slow, async (port) => {
    const args = ['--port', port, '--users', 1, '--keep-alive-ms', 60, '--requests', 3, '--duration', 0.6]
    const { totals, buckets } = await run(load, args)
    assert.ok(totals.ok >= 2)
    assert.ok(totals.maxUs >= 40_000 && totals.maxUs < 150_000, `${totals.maxUs} µs`)
    assert.ok(buckets.filter(([edge]) => edge >= 40_000).length > 0)
  })
})

/** What a server that speaks first does, by the letter of the ending. */
const bannerEndings: [kind: string, act: (socket: Socket) => unknown][] = [
  ['K', (socket) => greet(socket, () => answer(socket, '250 bye\r\n'))],
  ['K', (socket) => greet(socket, () => answer(socket, '25', '0 bye\r\n'))],
  ['B', (socket) => setTimeout(() => socket.resetAndDestroy(), 5)],
  ['B', (socket) => socket.write('22', () => setTimeout(() => socket.resetAndDestroy(), 5))],
  ['S', (socket) => socket.end()],
  ['O', (socket) => answer(socket, '554 no\r\n')],
  ['O', (socket) => answer(socket, 'HTTP/1.1 400 Bad Request\r\n')],
  ['A', (socket) => greet(socket, () => socket.resetAndDestroy())],
  ['S', (socket) => greet(socket, () => socket.end())],
  ['O', (socket) => greet(socket, () => answer(socket, '451 later\r\n'))],
  ['T', () => {}],
]

/** Greets, and acts on the client's line; it must not come earlier. */
function greet(socket: Socket, act: () => unknown) {
  let greeted = false
  socket.once('data', (data) => {
    assert.ok(greeted)
    assert.is(data.toString(), 'QUIT\r\n')
    act()
  })
  setTimeout(() => {
    greeted = true
    socket.write('220 here\r\n')
  }, 10)
}

test('waits for the greeting, and gives each connection the ending that the server gave it', async ({ load }) => {
  const handled: { kind: string; port: number }[] = []
  const onConnection = (socket: Socket) => {
    const [kind, act] = bannerEndings[handled.length % bannerEndings.length]!
    handled.push({ kind, port: socket.remotePort! })
    act(socket)
  }
  await serve(onConnection, async (port) => {
    const args = ['--port', port, '--users', bannerEndings.length, '--banner', '--timeout-ms', 300, '--duration', 1]
    const { start, rows, totals } = await run(load, args)
    const count = (kind: string) => handled.filter((one) => one.kind === kind).length
    assert.is(start.banner, true)
    assert.is(totals.ok, count('K'))
    assert.is(totals.ungreeted, count('T'))
    assert.equal(
      rows.map(([kind, port]) => `${kind} ${port}`).sort(),
      handled.flatMap(({ kind, port }) => (kind === 'K' ? [] : `${kind} ${port}`)).sort(),
    )
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
