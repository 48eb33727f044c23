import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { causesOf, causesOfAb } from './causes.ts'

const seen = { resets: 10, refused: 0, unconnected: 0, closedByClients: 0, active: null }

test('a reset of the accept queue counts at both ends', () => {
  const growth = { EstabResets: 17, ActiveOpens: 503, PassiveOpens: 500 }
  assert.equal(causesOf(growth, seen), { acceptQueue: 7, synRecv: 3, completing: 0, closed: 0, unexplained: 0 })
})

test('refused and unanswered connections never became a socket either', () => {
  const growth = { EstabResets: 17, ActiveOpens: 510, PassiveOpens: 500 }
  const { synRecv } = causesOf(growth, { ...seen, refused: 5, unconnected: 2 })
  assert.is(synRecv, 3)
})

test('a socket that died at birth was in SYN_RECV', () => {
  const growth = { EstabResets: 17, ActiveOpens: 502, PassiveOpens: 500, AttemptFails: 1 }
  assert.equal(causesOf(growth, seen), { acceptQueue: 7, synRecv: 3, completing: 0, closed: 0, unexplained: 0 })
  const refused = { EstabResets: 17, ActiveOpens: 508, PassiveOpens: 500, AttemptFails: 5 }
  assert.is(causesOf(refused, { ...seen, refused: 5 }).synRecv, 3)
})

test('the rest is unexplained, or was completing if the RSTs say so', () => {
  const growth = { EstabResets: 16, ActiveOpens: 503, PassiveOpens: 500 }
  assert.equal(causesOf(growth, seen), { acceptQueue: 6, synRecv: 3, completing: 0, closed: 0, unexplained: 1 })
  assert.equal(causesOf(growth, { ...seen, active: 7 }), {
    acceptQueue: 6,
    synRecv: 3,
    completing: 1,
    closed: 0,
    unexplained: 0,
  })
  assert.is(causesOf(growth, { ...seen, active: 6 }).unexplained, 1)
})

test('connections that the proxy closed before it had read the request', () => {
  const growth = { EstabResets: 16, ActiveOpens: 503, PassiveOpens: 500 }
  const later = causesOf({ ...growth, TCPAbortOnData: 1 }, { ...seen, active: 6 })
  assert.equal(later, { acceptQueue: 6, synRecv: 3, completing: 0, closed: 1, unexplained: 0 })
  const atOnce = causesOf({ ...growth, EstabResets: 17, TCPAbortOnClose: 1 }, { ...seen, active: 7 })
  assert.equal(atOnce, { acceptQueue: 6, synRecv: 3, completing: 0, closed: 1, unexplained: 0 })
})

test('counters that explain too many resets leave them unexplained', () => {
  assert.is(causesOf({ EstabResets: 24, ActiveOpens: 500, PassiveOpens: 500 }, seen).unexplained, 4)
})

test('a socket that was built twice makes nothing negative', () => {
  const growth = { EstabResets: 0, ActiveOpens: 500, PassiveOpens: 560 }
  const nothing = { acceptQueue: 0, synRecv: 0, completing: 0, closed: 0, unexplained: 0 }
  assert.equal(causesOf(growth, { ...seen, resets: 0 }), nothing)
})

test('where sockets were built twice, a reply that no socket sent met none', () => {
  const growth = { EstabResets: 16, ActiveOpens: 500, PassiveOpens: 560 }
  const counted = { ...seen, active: 6, replies: 4 }
  assert.equal(causesOf(growth, counted), { acceptQueue: 6, synRecv: 4, completing: 0, closed: 0, unexplained: 0 })
  assert.is(causesOf({ ...growth, TCPAbortOnData: 1 }, counted).closed, 1)
  assert.is(causesOf(growth, { ...counted, replies: 3 }).unexplained, 1)
})

test('closes with a RST by clients reset nobody', () => {
  const growth = { EstabResets: 1017, ActiveOpens: 503, PassiveOpens: 500, TCPAbortOnData: 1000 }
  const causes = { acceptQueue: 7, synRecv: 3, completing: 0, closed: 0, unexplained: 0 }
  assert.equal(causesOf(growth, { ...seen, closedByClients: 1000 }), causes)
  const cut = { ...growth, EstabResets: 1015, TCPAbortOnData: 1002 }
  assert.equal(causesOf(cut, { ...seen, closedByClients: 1000 }), { ...causes, acceptQueue: 5, closed: 2 })
})

test('a client that was never greeted was not reset', () => {
  const growth = { EstabResets: 17, ActiveOpens: 583, PassiveOpens: 500 }
  const hung = { ...seen, ungreeted: 80 }
  assert.equal(causesOf(growth, hung), { acceptQueue: 7, synRecv: 3, completing: 0, closed: 0, unexplained: 0 })
  const born = { ...growth, ActiveOpens: 503 }
  assert.is(causesOf(born, hung).synRecv, 3, 'its last segment may make it a socket')
})

test('a server that speaks to clients that have given up may be reset by them: that is no accept queue', () => {
  const growth = { EstabResets: 23, ActiveOpens: 925, PassiveOpens: 36, TCPAbortOnData: 35 }
  const hung = { ...seen, resets: 0, ungreeted: 925, active: 0 }
  const nothing = { acceptQueue: 0, synRecv: 0, completing: 0, closed: 0, unexplained: 0 }
  assert.equal(causesOf(growth, { ...hung, givenUp: 36 }), nothing)
  assert.is(causesOf(growth, hung).acceptQueue, 23)
  assert.is(causesOf(growth, { ...hung, givenUp: 20 }).acceptQueue, 3, 'no more of them than there were')
  const both = { ...growth, EstabResets: 40 }
  assert.is(causesOf(both, { ...hung, resets: 10, active: 10, givenUp: 36 }).acceptQueue, 10)
})

test('reused connections were closed by the proxy, whatever it shut down before', () => {
  const none = { acceptQueue: 0, synRecv: 0, completing: 0, unexplained: 0 }
  const both = { EstabResets: 14, TCPAbortOnClose: 4, TCPAbortOnData: 6 }
  const reused = { active: 4, replies: 6 }
  assert.equal(causesOf(both, { ...seen, active: 4, reused }), { ...none, closed: 10 })
  // A socket in FIN_WAIT is none of EstabResets when it is reset.
  assert.equal(causesOf({ ...both, EstabResets: 10 }, { ...seen, active: 4, reused }), { ...none, closed: 10 })
  // A TIME_WAIT answers with a RST that no counter shows but OutRsts.
  const timeWait = { EstabResets: 10, TCPAbortOnClose: 4, TCPAbortOnData: 5 }
  assert.equal(causesOf(timeWait, { ...seen, active: 4, reused }), { ...none, closed: 10 })
  assert.is(causesOf(timeWait, { ...seen, active: 4 }).unexplained, 1, 'of new connections it proves nothing')
})

test('what waits in the accept queue is told from reused connections that were shut down', () => {
  const growth = { EstabResets: 13, TCPAbortOnClose: 4, TCPAbortOnData: 3 }
  const reused = { active: 4, replies: 3 }
  const { acceptQueue, closed, unexplained } = causesOf(growth, { ...seen, active: 7, reused })
  assert.equal({ acceptQueue, closed, unexplained }, { acceptQueue: 3, closed: 7, unexplained: 0 })
})

test('where ab makes the load, the wire tells the causes', () => {
  const resets = (how: 'A' | 'B', active: boolean | null, count: number) => Array(count).fill({ how, active })
  const seen = [...resets('B', true, 9), ...resets('B', false, 2), ...resets('A', true, 4), ...resets('A', null, 1)]
  const causes = { acceptQueue: 9, synRecv: 2, completing: 0, closed: 4, unexplained: 1 }
  assert.equal(causesOfAb({ EstabResets: 1000, TCPAbortOnClose: 4 }, { seen, closedAlone: 0 }), causes)
  // 3 of them closed connections that had ended or were ab's own, and 4 answered ones: 2 were closed unread.
  const closing = causesOfAb({ TCPAbortOnClose: 9 }, { seen, closedAlone: 3 })
  assert.equal(closing, { ...causes, acceptQueue: 7, closed: 6 })
})

test('where ab makes the load, closes that the wire does not show are unexplained, and RSTs that no close explains', () => {
  const seen = [
    { how: 'B' as const, active: true },
    { how: 'A' as const, active: true },
  ]
  const unexplained = (TCPAbortOnClose: number, closedAlone: number) =>
    causesOfAb({ TCPAbortOnClose }, { seen, closedAlone }).unexplained
  assert.equal([unexplained(4, 3), unexplained(5, 3), unexplained(7, 3), unexplained(2, 3)], [0, 0, 2, 2])
})

test.run()
