import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { chooseCases } from './cases.ts'

/** The cases of a run, and what it says of them. */
async function chosen(patterns: string[], proxies: string[]) {
  const said: string[] = []
  const cases = await chooseCases(patterns, proxies, (line) => said.push(line))
  return { names: cases.map(({ name }) => name), said }
}

test('what a case is compared with is run, too, and said', async () => {
  const alone = await chosen(['shards-migration'], ['haproxy'])
  assert.equal(alone.names, ['none', 'shards', 'shards-migration'])
  assert.equal(alone.said.length, 2)
  assert.match(alone.said[1]!, 'adding shards: what a case of this run is compared with')
  const both = await chosen(['none', 'shards', 'shards-migration'], ['haproxy'])
  assert.equal(both, { names: ['none', 'shards', 'shards-migration'], said: [] })
})

test('a case on veth is compared with one there, and that with another', async () => {
  assert.equal((await chosen(['irq-affinity'], ['haproxy'])).names, ['none-veth', 'irq-apart', 'irq-affinity'])
  assert.equal((await chosen(['irq-affinity', 'ack-block'], ['haproxy'])).names, [
    'none',
    'none-veth',
    'irq-apart',
    'ack-block',
    'irq-affinity',
  ])
})

test('a case may be compared with another one for each proxy', async () => {
  assert.equal((await chosen(['tcp-migrate-req'], ['haproxy'])).names, ['none', 'tcp-migrate-req'])
  assert.equal((await chosen(['tcp-migrate-req'], ['nginx'])).names, ['none', 'nginx-workers', 'tcp-migrate-req'])
})

test.run()
