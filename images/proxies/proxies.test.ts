import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { either } from '../../lab/model/text/spelling.ts'
import { DEFAULT_PROXY, fullSpecs, PROXIES, parseProxy, proxyMistake, proxyNamed, proxyOfTime } from './proxies.ts'
import type { ProxyKind, Setting } from './proxy.ts'

const settingOf = ({ series, name }: ProxyKind, more: Partial<Setting>): Setting => ({
  version: Object.keys(series).at(-1)!,
  address: '127.0.0.1',
  port: 8080,
  pidfile: `/run/${name}.pid`,
  socket: `/run/${name}.sock`,
  connections: 1000,
  exchange: 'request',
  backend: '/run/backend.sock',
  maxaccept: 4,
  extra: {},
  ...more,
})

test('a proxy is asked for by its name, with a series or a path', () => {
  const asked = (spec: string) => {
    const { proxy, which } = parseProxy(spec)
    return [proxy.name, which]
  }
  assert.equal(asked('haproxy'), ['haproxy', '2.6'])
  assert.equal(asked('nginx'), ['nginx', '1.22'])
  assert.equal(asked('nginx:1.18'), ['nginx', '1.18'])
  assert.equal(asked('haproxy:./a:b/haproxy'), ['haproxy', './a:b/haproxy'])
})

test('each proxy once, whether its series is said or not', () => {
  assert.equal(fullSpecs(['nginx', 'nginx:1.22', 'haproxy:2.6', 'haproxy', 'caddy']), [
    'nginx:1.22',
    'haproxy:2.6',
    'caddy',
  ])
})

test('what there is not is refused, and what is near is proposed', () => {
  for (const good of ['haproxy', 'nginx', 'nginx:1.22', 'nginx:./x', 'haproxy:/x']) assert.is(proxyMistake(good), null)
  assert.match(proxyMistake('ngnix')!, 'no such proxy (did you mean nginx?)')
  assert.match(proxyMistake('2.6')!, `no such proxy; expected ${either(PROXIES.map(({ name }) => name))}`)
  assert.match(proxyMistake('nginx:2.6')!, 'no such series; choose from 1.18, 1.22')
  assert.match(proxyMistake('nginx:')!, 'no such series')
  assert.is(proxyMistake('haproxy:distribution'), null)
  assert.match(proxyMistake('nginx:distribution')!, 'no such series')
})

test('each proxy has the series that it is by default', () => {
  for (const { series, defaultSeries } of PROXIES) assert.ok(series[defaultSeries])
})

test('an old kernel has a proxy of its time, which there is', () => {
  const series = ['2.6.32', '3.9', '3.16', '4.9', '4.10', '5.10', '7.2']
  const [old, articles] = ['haproxy:1.5', 'haproxy:1.7']
  const usual = DEFAULT_PROXY
  assert.equal(series.map(proxyOfTime), [old, old, old, articles, usual, usual, usual])
  for (const spec of series.map(proxyOfTime)) assert.is(proxyMistake(spec), null)
})

test('each configuration has its port, its pid file and what a case adds, where the sections are', () => {
  for (const proxy of PROXIES) {
    const extra = Object.fromEntries(proxy.sections.map((section) => [section, [`added-to-${section}`]]))
    const text = proxy.config(settingOf(proxy, { extra }))
    assert.match(text, /\b8080\b/)
    for (const section of proxy.sections) assert.match(text, `added-to-${section}`)
  }
})

test('HAProxy is configured by its version', () => {
  const { config, defaultMaxaccept } = proxyNamed('haproxy')
  const old = config(settingOf(proxyNamed('haproxy'), { version: '1.7.0' }))
  const today = config(settingOf(proxyNamed('haproxy'), { version: '2.6.12' }))
  assert.not.match(old, /nbthread|expose-fd/)
  assert.match(today, /nbthread 1\n[\s\S]*expose-fd listeners\n[\s\S]*tune.maxaccept 4\n/)
  assert.equal(['1.7.0', '2.3.9', '2.4', '3.0.11'].map(defaultMaxaccept), [64, 64, 4, 4])
})

test('nginx has no directive twice that a case has, too', () => {
  const nginx = proxyNamed('nginx')
  const workers = (extra: Setting['extra']) => nginx.config(settingOf(nginx, { extra })).match(/worker_processes .*/g)
  assert.equal(workers({}), ['worker_processes 1;'])
  assert.equal(workers({ main: ['user nobody;'] }), ['worker_processes 1;'])
  assert.equal(workers({ main: ['worker_processes 4;'] }), ['worker_processes 4;'])
})

test('nginx accepts one connection or all', () => {
  const nginx = proxyNamed('nginx')
  const accepting = (maxaccept: number) => /multi_accept (\w+)/.exec(nginx.config(settingOf(nginx, { maxaccept })))![1]
  assert.equal([1, -1].map(accepting), ['off', 'on'])
  assert.equal([1, -1].map(nginx.refusesMaxaccept!), [null, null])
  assert.match(nginx.refusesMaxaccept!(4)!, 'multi_accept')
})

test.run()
