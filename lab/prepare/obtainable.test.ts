import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Distrusted } from '../../images/debian/signature.ts'
import { proxyNamed } from '../../images/proxies/proxies.ts'
import { type Fault, notReady } from '../model/fault.ts'
import type { Request } from '../model/request.ts'
import { proxiesOf } from './obtainable.ts'

const ALL = Object.keys(proxyNamed('haproxy').series).map((series) => `haproxy:${series}`)

/** Which of some proxies are taken where only those of `there` can be had, and what is said of the others. */
async function taken(
  proxies: string[],
  proxiesTaken: Request['proxiesTaken'],
  there: string[],
  fault = notReady('the archive cannot be reached'),
) {
  const asked: string[] = []
  const notes: string[] = []
  const obtain = async (spec: string) => {
    asked.push(spec)
    if (!there.includes(spec)) throw fault
    return { path: `/${spec}`, version: `${spec.split(':')[1]}.9`, debian: null }
  }
  const request = { proxies, proxiesTaken, maxaccepts: null }
  const found = await proxiesOf(request, obtain, (line) => void notes.push(line))
  return { versions: found.map(({ version }) => version), asked, notes }
}

test('the first that can be had is taken, and those before it are told', async () => {
  const { versions, asked, notes } = await taken(['haproxy:0.1', 'haproxy:2.6', 'haproxy:3.0'], 'first', [
    'haproxy:2.6',
  ])
  assert.equal([versions, asked], [['2.6.9'], ['haproxy:2.6']])
  assert.is(notes.length, 1)
  assert.match(notes[0]!, /^without haproxy:0.1: no such series/)
})

test('each that can be had is taken; a star stands for all series', async () => {
  const { versions, asked, notes } = await taken(['haproxy:*'], 'each', ['haproxy:2.6', 'haproxy:3.0'])
  assert.equal([versions, asked], [['2.6.9', '3.0.9'], ALL])
  assert.is(notes.length, ALL.length - 2)
})

test('what is not to be trusted is never passed over', async () => {
  const forged = new Distrusted('bookworm/Release has no signature')
  for (const how of ['first', 'each'] as const)
    try {
      await taken(['haproxy:2.6', 'haproxy:3.0'], how, ['haproxy:3.0'], forged)
      assert.unreachable()
    } catch (error) {
      assert.is(error, forged)
    }
})

test('where all must be there, one that is not ends it; where none is there, all are told', async () => {
  const faultOf = (...args: Parameters<typeof taken>) =>
    taken(...args).then(
      () => assert.unreachable(),
      (fault: Fault) => fault,
    )
  assert.is((await faultOf(['haproxy:2.6', 'haproxy:3.0'], 'all', ['haproxy:2.6']))!.exit, 3)
  const none = (await faultOf(['haproxy:0.1', 'haproxy:3.0'], 'first', []))!
  assert.is(none.exit, 3)
  for (const words of ['haproxy:0.1: no such series', 'haproxy:3.0: the archive cannot be reached'])
    assert.match(none.message, words)
})

test.run()
