import stopped from '../../../../cases/variants/sockets/stopped.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(stopped, 'listener-goes-on-at-once', 'the old process goes on before the reload, not after it', {
  before: [...stopped.before, 'kill -CONT $OLD', 'drained $PORT'],
  after: ['closed $OLD $PORT'],
})

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 connections/ }
export const args = ['--rate', '5']
