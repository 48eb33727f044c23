import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { builtinCases, selectCases, variantCases } from '../../cases/load.ts'
import { PROXIES } from '../../images/proxies/proxies.ts'
import type { Case } from '../model/case/case.ts'
import { isFor, resolveCase } from '../model/case/resolve.ts'
import { CaseFacts } from '../model/result.ts'
import { caseFacts, factsOfRun } from './case-facts.ts'

const haproxy = PROXIES[0]!
const cases = (await builtinCases()).filter((one) => isFor(one, haproxy.name)).map((one) => resolveCase(one, haproxy))

test('a report knows how each mitigation proves that it acted, and what it may cost', () => {
  for (const theCase of cases) {
    const facts = v.parse(CaseFacts, caseFacts(theCase))
    assert.is(facts.proof === undefined, theCase.proof === undefined, theCase.name)
    if (!theCase.control) assert.ok(facts.proof, theCase.name)
    assert.equal(facts.price, theCase.price)
    assert.equal(facts.commands.proof, typeof theCase.proof === 'object' ? theCase.proof.read : undefined)
  }
  const block = caseFacts(cases.find(({ name }) => name === 'syn-block')!)
  assert.is(block.proof, 'SYNs that its rule dropped')
  assert.equal(block.price, { slow: true, timeouts: true, throughput: 0.995 })
})

test('where the reload is all that a case does, its facts say what of the listeners was looked at', async () => {
  const own = (file: Partial<Case>) => caseFacts({ ...cases[0]!, proof: 'reload', ...file }).proof
  assert.is(own({}), 'a new process that listens, at each reload')
  assert.is(own({ listeners: 'kept' }), 'the new process has the very sockets of the old one, at each reload')
  assert.is(own({ listeners: 'fewer' }), 'the new process has fewer of the sockets of the old one, at each reload')
})

test('lines to copy are the commands that were measured, with an operator’s paths', async () => {
  for (const proxy of PROXIES) {
    const paths = { CFG: `${proxy.name}.cfg`, PIDFILE: `${proxy.name}.pid`, SOCK: `/run/${proxy.name}.sock` }
    const values: Record<string, string> = { ...paths, OLD: `$(cat ${paths.PIDFILE})` }
    const copied = (line: string) => line.replace(/\$([A-Z]+)/g, (whole, variable) => values[variable] ?? whole)
    const config = proxy.config({
      ...{ version: proxy.defaultSeries, address: '*', port: 80, pidfile: paths.PIDFILE, socket: paths.SOCK },
      ...{ connections: 1000, maxaccept: 1, exchange: 'request', backend: '/run/backend.sock', extra: {} },
    })
    const all = [...(await builtinCases()), ...(await variantCases())]
    for (const one of all.filter((one) => isFor(one, proxy.name))) {
      const { adopt = [], start = '', reload, ...own } = resolveCase(one, proxy)
      const configured = Object.values(own.config ?? {}).flat()
      const run = [start, reload || '', ...Object.values(own.setup ?? []), ...configured].map(copied)
      // How nginx is set up is what its cases are about, not what they advise.
      for (const line of adopt.length > 0 && proxy.name === 'haproxy' ? configured : [])
        assert.ok(
          adopt.some(({ lines }) => lines.includes(line)),
          `${one.name} lacks "${line}"`,
        )
      // nginx's own word for the signal.
      if (proxy.name === 'nginx') run.push('nginx -s reload')
      for (const line of adopt.flatMap(({ lines }) => lines))
        assert.ok(run.includes(line) || config.includes(line), `${one.name}: ${line}`)
    }
  }
})

test('moments without commands are left out', () => {
  const still = caseFacts(cases.find(({ name }) => name === 'no-reload')!)
  assert.equal(Object.keys(still.commands), [])
})

test('a report knows how a case starts its proxy, who serves there, and how its clients differ', async () => {
  const [master, fused] = (await selectCases(['master-worker', 'fused-ack'])).map((one) =>
    caseFacts(resolveCase(one, haproxy)),
  )
  assert.equal(Object.keys(master!.commands), ['start', 'serving', 'reload'])
  assert.match(master!.commands.start![0]!, 'haproxy -W')
  assert.equal([master!.client, fused!.client], [undefined, { fusedAck: true }])
})

test('a run with several proxies says what a case is with each', async () => {
  const all = await builtinCases()
  const facts = (...proxies: string[]) =>
    factsOfRun(all, proxies, PROXIES).filter(({ name }) =>
      ['none', 'fd-passing', 'no-reload', 'nginx-test'].includes(name),
    )
  assert.equal(
    facts('haproxy', 'haproxy').map(({ name, proxy }) => [name, proxy]),
    ['none', 'fd-passing', 'no-reload'].map((name) => [name, undefined]),
  )
  const both = facts('haproxy', 'nginx')
  assert.equal(
    both.map(({ name, proxy }) => [name, proxy]),
    [
      ['none', 'haproxy'],
      ['none', 'nginx'],
      ['fd-passing', undefined],
      ['nginx-test', undefined],
      ['no-reload', undefined],
    ],
  )
  assert.is(both[1]!.title, 'Stop and start')
  assert.is(both[3]!.proof, 'tests that nginx calls successful')
  assert.equal(
    both.map(({ replaces }) => replaces),
    [undefined, undefined, undefined, false, undefined],
  )
})

test.run()
