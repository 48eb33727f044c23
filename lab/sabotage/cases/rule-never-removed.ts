import synBlock from '../../../cases/syn-block.ts'
import { broken } from '../broken.ts'
import type { Caught } from '../plant.ts'

export default broken(synBlock, 'rule-never-removed', 'the rule of SYN block stays in from the first reload on', {
  after: ['closed $OLD $PORT'],
  price: { slow: true, timeouts: true, throughput: 1 },
})

export const caught: Caught = { verdict: ['contradicts'], by: /the service answered 0 of 32 connections/ }
export const quick = true
