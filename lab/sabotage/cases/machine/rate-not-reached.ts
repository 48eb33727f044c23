import fdPassing from '../../../../cases/fd-passing.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  fdPassing,
  'machine-rate-not-reached',
  'an open loop at a rate that the generator cannot reach',
  {},
)

export const caught: Caught = { verdict: ['overloaded', 'inconclusive'], by: /arrivals a second were asked for/ }
export const args = ['--rate', '150000']
