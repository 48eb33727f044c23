import type { Socket } from 'node:net'
import * as assert from 'uvu/assert'
import { answer, loadSuite, run, serve } from '../../fixtures/generator.ts'

const test = loadSuite('kept')

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

test.run()
