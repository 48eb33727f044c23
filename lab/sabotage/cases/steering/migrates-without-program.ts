import bpfMigrate from '../../../../cases/variants/steering/bpf-migrate.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  bpfMigrate,
  'steering-migrates-without-program',
  'the program that lets connections move is never attached',
  { ready: undefined },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 connections/ }
export const kernel = '6.1'
