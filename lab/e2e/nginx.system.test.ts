import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { allOf, readEvents } from '../model/events.ts'
import { accountHolds, fixture, lab, measured } from './harness.ts'

// nginx, which keeps its master: on the running kernel, briefly.

const SHORT = ['--kernel', 'host', '--duration', '2']

test('nginx beside HAProxy: stop and start loses, a reload loses nothing, each with its own cases', async () => {
  const cases = ['--case', 'none,fd-passing,nginx-reload,nginx-test,nginx-workers']
  const { result, stderr, out } = await lab([...SHORT, '--proxy', 'haproxy,nginx', ...cases])
  const { cells, skipped } = result()
  assert.equal(
    cells.map((cell) => `${cell.proxy.name} ${cell.case}`),
    [
      ...['haproxy none', 'haproxy fd-passing'],
      ...['nginx none', 'nginx nginx-reload', 'nginx nginx-test', 'nginx nginx-workers'],
    ],
    stderr,
  )
  assert.equal(skipped, [])
  const cellOf = (name: string) =>
    measured({ ...result(), cells: cells.filter((cell) => cell.proxy.name === 'nginx') }, name)
  for (const name of ['none', 'nginx-reload', 'nginx-test', 'nginx-workers']) accountHolds(cellOf(name))
  assert.ok(cellOf('none').resets > 0 && cellOf('none').refused > 0)
  for (const name of ['nginx-reload', 'nginx-test']) assert.is(cellOf(name).resets, 0, name)
  const reloads = (name: string) => {
    const { folder } = cellOf(name)
    return allOf(readEvents(readFileSync(join(out, folder, 'boot-1/events.jsonl'), 'utf8')).events, 'reload')
  }
  for (const { old, new: next, listeners } of reloads('nginx-reload')) {
    assert.is.not(old, next)
    assert.equal(listeners, { was: 1, is: 1, kept: 1 })
  }
  for (const { old, new: next } of reloads('nginx-test')) assert.is(old, next)
  for (const [i, { olds, news, listeners, prepared }] of reloads('nginx-workers').entries()) {
    assert.equal([olds?.length, news?.length], [4, 2])
    assert.equal(listeners, { was: 4, is: 2, kept: 2 })
    if (i) assert.is(prepared?.old, reloads('nginx-workers')[i - 1]!.new)
  }
})

for (const [name, reason] of [
  ['not-reloaded', /reload 0: no new proxy after 5 s: process (\d+) serves, \1 did before/],
  ['restarted', /reload 0: another proxy after 5 s: process \d+ serves, \d+ did before/],
] as const)
  test(`nginx: ${name}`, async () => {
    const { result, status } = await lab([...SHORT, '--proxy', 'nginx', ...fixture(`nginx/${name}`)])
    assert.is(status, 4)
    assert.match(result().cells[0]!.reason, reason)
  })

test('a case for other proxies, and a proxy that there is not, are mistakes', async () => {
  const other = await lab([...SHORT, '--proxy', 'nginx', '--case', 'fd-passing'])
  assert.is(other.status, 2)
  assert.match(other.stderr, '--case fd-passing: a case for HAProxy, which this run does not have: add --proxy haproxy')
  const { status, stderr } = await lab([...SHORT, '--proxy', 'nginx', ...fixture('nginx/no-such-proxy')])
  assert.is(status, 2)
  assert.match(stderr, 'the case no-such-proxy: on.ngnix: no such proxy (did you mean nginx?)')
  assert.match(stderr, 'on.nginx.config.server: no such section')
  const most = await lab([...SHORT, '--proxy', 'nginx', '--maxaccept', '4'])
  assert.is(most.status, 2)
  assert.match(most.stderr, '--maxaccept 4: nginx accepts one connection in one go (1) or all that wait (-1)')
})

test.run()
