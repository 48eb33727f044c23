import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import { builtinCases } from '../../cases/load.ts'
import { CaseFacts } from '../model/result.ts'
import { caseFacts } from './case-facts.ts'

const cases = await builtinCases()

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

test('moments without commands are left out', () => {
  const still = caseFacts(cases.find(({ name }) => name === 'no-reload')!)
  assert.equal(Object.keys(still.commands), [])
})

test.run()
