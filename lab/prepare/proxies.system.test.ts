import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testSupply } from '../../images/fixtures/supply.ts'
import { proxyObtainer } from './obtainable.ts'
import { proxiesOn, requireProxies } from './proxies.ts'

// The archive cannot be reached; the usual proxy is built where the cache lacks it.

const REQUEST = { proxies: null, maxaccepts: null }
const OLD = { name: '4.9.0-19-amd64', series: '4.9' }
const silent = () => {}

test('where the proxy of its time cannot be had, a kernel gets the usual one, and a note says so', async () => {
  const notes: string[] = []
  const note = (line: string) => void notes.push(line)
  const obtain = proxyObtainer(testSupply({ archive: 'http://127.0.0.1:1', note })).with(false)
  const found = await proxiesOn(OLD, REQUEST, obtain, note)
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
  const asked = requireProxies({ ...REQUEST, proxies: ['haproxy:1.7'] }, obtain, silent)
  assert.match((await asked.catch((error) => error)).message, 'HAProxy 1.7: 127.0.0.1:1 cannot be reached')
})

test('each proxy that is asked for has each maxaccept that is', async () => {
  const obtain = proxyObtainer(testSupply()).with(false)
  const found = await proxiesOn(OLD, { proxies: ['haproxy:2.6'], maxaccepts: [4, 64] }, obtain, silent)
  assert.equal(
    found.map(({ version, maxaccept }) => [/^2\.6\./.test(version), maxaccept]),
    [
      [true, 4],
      [true, 64],
    ],
  )
})

test('the proxy of a distribution is asked for where a machine has one, and needs no archive before', async () => {
  const asked: string[] = []
  const obtain = async (spec: string) => {
    asked.push(spec)
    return { path: spec, version: '2.6.12-1+deb12u3', debian: null }
  }
  const request = { proxies: ['haproxy:distribution', 'haproxy:2.6'], maxaccepts: null }
  await requireProxies(request, obtain, silent)
  assert.equal(asked, ['haproxy:2.6'])
  const found = await proxiesOn(OLD, request, obtain, silent)
  assert.equal(
    found.map(({ path, maxaccept }) => [path, maxaccept]),
    [
      ['haproxy:distribution', 4],
      ['haproxy:2.6', 4],
    ],
  )
})

test.run()
