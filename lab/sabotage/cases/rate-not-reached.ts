import fdPassing from '../../../cases/fd-passing.ts'
import { broken } from '../broken.ts'
import type { Caught } from '../plant.ts'

export default broken(fdPassing, 'rate-not-reached', 'an open loop at a rate that the generator cannot reach', {})

export const caught: Caught = { verdict: ['overloaded', 'inconclusive'], by: /arrivals a second were asked for/ }
export const args = ['--rate', '150000']
