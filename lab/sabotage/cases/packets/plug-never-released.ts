import synDelay from '../../../../cases/syn-delay.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(synDelay, 'packets-plug-never-released', 'the plug of SYN delay is never released', {
  after: ['closed $OLD $PORT'],
  price: { slow: true, timeouts: true, throughput: 1 },
})

export const caught: Caught = { verdict: ['contradicts'], by: /the service answered 0 of 32 connections/ }
export const kernel = '6.1'
