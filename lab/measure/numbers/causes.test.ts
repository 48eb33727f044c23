import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { causesOf } from './causes.ts'

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

test('closes with a RST by clients reset nobody', () => {
  const growth = { EstabResets: 1017, ActiveOpens: 503, PassiveOpens: 500, TCPAbortOnData: 1000 }
  const causes = { acceptQueue: 7, synRecv: 3, completing: 0, closed: 0, unexplained: 0 }
  assert.equal(causesOf(growth, { ...seen, closedByClients: 1000 }), causes)
  const cut = { ...growth, EstabResets: 1015, TCPAbortOnData: 1002 }
  assert.equal(causesOf(cut, { ...seen, closedByClients: 1000 }), { ...causes, acceptQueue: 5, closed: 2 })
})

test.run()
