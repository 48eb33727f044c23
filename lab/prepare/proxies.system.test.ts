import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testSupply } from '../../images/fixtures/supply.ts'
import { proxyObtainer } from './obtainable.ts'
import { askedProxies, proxiesOfTime } from './proxies.ts'

// The archive cannot be reached; the usual proxy is built where the cache lacks it.

const REQUEST = { maxaccepts: null }
const silent = () => {}
const obtainer = () => proxyObtainer(testSupply()).with(false)

test('where the proxy of its time cannot be had, a kernel gets the usual one, and a note says so', async () => {
  const notes: string[] = []
  const note = (line: string) => void notes.push(line)
  const obtain = proxyObtainer(testSupply({ archive: 'http://127.0.0.1:1', note })).with(false)
  const found = await proxiesOfTime({ name: '4.9.0-19-amd64', series: '4.9' }, REQUEST, obtain, note)
  assert.equal(
    found.map(({ name, version, maxaccept }) => [name, /^2\.6\./.test(version), maxaccept]),
    [['haproxy', true, 4]],
  )
  assert.ok(
    notes.includes(
      '4.9.0-19-amd64 is measured with haproxy:2.6, not with the proxy of its time: HAProxy 1.7: 127.0.0.1:1 cannot be reached from here (ECONNREFUSED)',
    ),
    notes.join('\n'),
  )
})

test('a proxy that is asked for and cannot be had is no other', async () => {
  const obtain = proxyObtainer(testSupply({ archive: 'http://127.0.0.1:1' })).with(false)
  const asked = askedProxies({ ...REQUEST, proxies: ['haproxy:1.7'] }, obtain, silent)
  assert.match((await asked.catch((error) => error)).message, 'HAProxy 1.7: 127.0.0.1:1 cannot be reached')
})

test('each proxy that is asked for has each maxaccept that is', async () => {
  const found = await askedProxies({ proxies: ['haproxy:2.6'], maxaccepts: [4, 64] }, obtainer(), silent)
  assert.equal(
    found!.map(({ maxaccept }) => maxaccept),
    [4, 64],
  )
  assert.is(await askedProxies({ ...REQUEST, proxies: null }, obtainer(), silent), null)
})

test.run()
