import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Machine } from '../../remote/protocol.ts'
import { Equipped } from './equipped.ts'
import type { Ready } from './nodes.ts'

/** A node of a kind, as it describes itself since a start. */
const node = (name: string, cpu: string, start: string) => ({
  ready: { id: name, name, cpus: 2 } as Ready,
  machine: {
    ...{ cpu, cpus: 2, kernel: '6.1', bootId: `${start}-0000`, allowed: '0-1', cores: [[0], [1]] },
  } as unknown as Machine,
})

/** What of a run holds on these nodes that was found out by the node `one`. */
function stillThere(...nodes: ReturnType<typeof node>[]) {
  const equipped = new Equipped()
  equipped.is(nodes, ['6.1'], new Map([['6.1', 'X']]))
  const machine = { name: 'one', cpu: 'X', cpus: 2, kernel: '6.1', start: '11111111' }
  const { name, start } = equipped.stillThere({ kernel: '6.1', machine })
  return [name, start]
}

test('the node that found something out is the one, whichever others there are', () => {
  const [one, two] = [node('one', 'X', '11111111'), node('two', 'X', '22222222')]
  assert.equal(stillThere(two, one), ['one', '11111111'])
})

test('after its restart it is another one, and so is any other of its kind', () => {
  assert.equal(stillThere(node('one', 'X', '33333333')), ['one', '33333333'])
  assert.equal(stillThere(node('three', 'Y', '44444444'), node('two', 'X', '22222222')), ['two', '22222222'])
  // Nodes on one machine, as in a trial Swarm, have one start.
  assert.equal(stillThere(node('two', 'X', '11111111')), ['two', '11111111'])
})

test.run()
