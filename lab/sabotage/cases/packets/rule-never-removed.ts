import synBlock from '../../../../cases/syn-block.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  synBlock,
  'packets-rule-never-removed',
  'the rule of SYN block is never removed after the first reload',
  {
    after: ['closed $OLD $PORT'],
    price: { slow: true, timeouts: true, throughput: 1 },
  },
)

export const caught: Caught = { verdict: ['contradicts'], by: /the service answered 0 of 32 connections/ }
export const quick = true
