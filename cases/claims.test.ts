import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Claim } from '../lab/model/result/claim.ts'
import { readAs } from '../lab/model/text/mistakes.ts'
import { CLAIMS, claimsOf } from './claims.ts'
import { allExperiments } from './experiments.ts'

test('every claim is tested by a row that exists', async () => {
  const experiments = await allExperiments()
  for (const claim of CLAIMS) {
    assert.equal(readAs(Claim, claim).mistakes ?? [], [], claim.says)
    const rows = experiments.filter(({ name }) => name === claim.experiment).flatMap((one) => one.rows)
    assert.ok(
      rows.some(({ label }) => label === claim.row),
      `${claim.says}: ${claim.experiment}: ${claim.row}`,
    )
  }
})

test('those of an experiment, in their order', () => {
  assert.equal(
    claimsOf([{ name: 'separate-cpus' }]).map(({ holds }) => Object.keys(holds)[0]),
    ['near', 'lost'],
  )
  assert.equal(claimsOf([]), [])
})

test.run()
