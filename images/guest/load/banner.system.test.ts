import type { Socket } from 'node:net'
import * as assert from 'uvu/assert'
import { answer, loadSuite, run, serve } from '../../fixtures/generator.ts'

const test = loadSuite('banner')

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

test.run()
