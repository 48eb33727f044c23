import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { target } from './target.ts'
import { TARGETS } from './targets.ts'

const fuzz = suite('foreign bytes')

/** As many as take some tenths of a second. The same ones each time: new ones are for `npm run bench -- fuzz`. */
const INPUTS = 60

for (const { name, holds, lacking, run } of TARGETS) {
  const missing = lacking()
  const test = missing ? fuzz.skip : fuzz
  test(`${name}: ${missing ?? holds}`, async () => {
    assert.is((await run({ seed: 1, inputs: INPUTS })).broken, null)
  })
}

fuzz('a finding says what does not hold, the smallest input, and the seed', async () => {
  const found = target({
    name: 'planted',
    holds: 'no number is above 99',
    input: fc.nat(),
    check: (n) => {
      if (n > 99) throw new Error('too large')
    },
  })
  const { broken } = await found.run({ seed: 7, inputs: 100 })
  assert.match(broken ?? '', /seed: 7[\s\S]*Counterexample: \[100\][\s\S]*too large/)
})

fuzz('what was kept is tried though no other input is', async () => {
  const tried: number[] = []
  const once = target({ name: '', holds: '', input: fc.nat(), check: (n) => void tried.push(n), kept: [12345] })
  await once.run({ seed: 7, inputs: 0 })
  assert.equal(tried, [12345])
})

fuzz.run()
