import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { builtinCases, selectCases } from '../../../cases/load.ts'
import { PROXIES } from '../../../images/proxies/proxies.ts'
import { readAs } from '../text/mistakes.ts'
import { Case, CaseFile } from './case.ts'
import { isFor, mistakesOn, resolveCase, versionsFor } from './resolve.ts'

const FILE: CaseFile = {
  name: 'own',
  title: 'Own',
  idea: 'It is an example.',
  source: 'a test',
  before: ['true'],
  expects: [{ resets: 'none', because: 'of the test' }],
  drawbacks: [],
}
const loaded = (more: Partial<CaseFile>) => v.parse(CaseFile, { ...FILE, ...more })
const [haproxy, nginx] = PROXIES as [(typeof PROXIES)[number], (typeof PROXIES)[number]]

test('a case that names no proxy is for all, each reloaded its own way', () => {
  const own = loaded({})
  for (const proxy of PROXIES) {
    assert.ok(isFor(own, proxy.name))
    assert.is(resolveCase(own, proxy).reload, proxy.reload)
  }
  assert.is(resolveCase(loaded({ reload: false }), nginx).reload, false)
})

test('what it says of a proxy takes the place of what it says for all', () => {
  const own = loaded({
    on: {
      haproxy: { needs: { from: '1.8' }, reload: 'haproxy -x' },
      nginx: { before: ['false'], title: 'Other', config: { listen: ['reuseport'] }, replaces: false },
    },
  })
  const one = resolveCase(own, haproxy)
  assert.equal([one.title, one.before, one.reload, one.needs], ['Own', ['true'], 'haproxy -x', undefined])
  assert.equal(versionsFor(own, 'haproxy'), { from: '1.8' })
  const other = resolveCase(own, nginx)
  assert.equal(
    [other.title, other.before, other.reload, other.config, other.replaces],
    ['Other', ['false'], nginx.reload, { listen: ['reuseport'] }, false],
  )
  assert.not('on' in other)
  assert.not(isFor(loaded({ on: { nginx: {} } }), 'haproxy'))
})

test('resolved, it is a case of a cell, and stays so in JSON', async () => {
  for (const own of [...(await builtinCases()), ...(await selectCases(['shards', 'threads-*']))])
    for (const proxy of PROXIES.filter(({ name }) => isFor(own, name))) {
      const ofCell = resolveCase(own, proxy)
      assert.equal(readAs(Case, JSON.parse(JSON.stringify(ofCell))).mistakes, undefined, own.name)
    }
})

test("the lab's cases name proxies and sections that there are", async () => {
  for (const own of await builtinCases()) assert.equal(mistakesOn(own, PROXIES), [], own.name)
})

test('each proxy has a positive control', async () => {
  const controls = (await builtinCases()).filter(({ control }) => control === 'positive')
  for (const { name } of PROXIES) assert.ok(controls.some((own) => isFor(own, name)))
})

test("a proxy of which the first cases say nothing more inherits no word of HAProxy's", async () => {
  for (const own of await selectCases(['none', 'ack-block', 'syn-block', 'syn-delay'])) {
    const other = resolveCase({ ...own, on: { ...own.on, other: {} } }, { name: 'other', reload: 'other reload' })
    assert.not.match(JSON.stringify(other), /haproxy|SIGTTOU|as the article does/i, own.name)
  }
})

test('mistakes name the proxy or section that was meant', () => {
  const own = loaded({ on: { ngnix: {}, haproxy: { config: { globl: ['x'] } }, nginx: { config: { bind: ['x'] } } } })
  assert.equal(mistakesOn(own, PROXIES), [
    `on.ngnix: no such proxy (did you mean nginx?); choose from ${PROXIES.map(({ name }) => name).join(', ')}`,
    'on.haproxy.config.globl: no such section (did you mean global?); choose from global, defaults, bind, frontend',
    'on.nginx.config.bind: no such section; choose from main, events, http, listen',
  ])
})

test('a command that reloads belongs to a proxy', () => {
  const { mistakes } = readAs(CaseFile, { ...FILE, reload: 'haproxy -sf' })
  assert.equal(mistakes, [
    'reload "haproxy -sf": expected false, for no reload at all; the command that reloads a proxy stands in on.haproxy.reload',
  ])
  assert.match(
    readAs(CaseFile, { ...FILE, on: { nginx: { reload: 5, frobnicate: 1 } } }).mistakes!.join('; '),
    /on\.nginx\.reload 5: expected text.*on\.nginx\.frobnicate: unknown field/,
  )
})

test('a reload that replaces nobody proves nothing by itself', () => {
  const mistakes = (more: object) => readAs(CaseFile, { ...FILE, proof: 'reload', ...more }).mistakes
  const proof = { shows: 'tests', read: ['echo 1'], at: 'reload' }
  for (const more of [
    { replaces: false },
    { on: { nginx: { replaces: false } } },
    { replaces: false, on: { nginx: {} } },
  ])
    assert.match(mistakes(more)!.join(), "proof 'reload' proves nothing where replaces is false")
  for (const more of [
    {},
    { on: { nginx: {} } },
    { on: { nginx: { replaces: false, proof } } },
    { replaces: false, proof },
  ])
    assert.is(mistakes(more), undefined)
})

test("'kept-listener' of older plans means that listeners are kept", () => {
  const read = v.parse(Case, { ...FILE, reload: 'x', proof: 'kept-listener' })
  assert.equal([read.proof, read.listeners], ['reload', 'kept'])
  assert.equal(v.parse(Case, read), read)
  const proven = { ...FILE, reload: 'x', proof: 'reload' }
  assert.equal(v.parse(Case, proven).listeners, undefined)
})

test('a case of a plan that an older lab made is read, with what it added to the configuration', () => {
  const old = {
    ...FILE,
    needs: { haproxy: { from: '1.8' } },
    proxy: { global: ['a', 'b'], bind: 'c' },
    reload: 'haproxy',
  }
  const read = v.parse(Case, old)
  assert.equal(read.config, { global: ['a', 'b'], bind: ['c'] })
  assert.not('proxy' in read)
  assert.equal(v.parse(Case, read), read)
})

test.run()
