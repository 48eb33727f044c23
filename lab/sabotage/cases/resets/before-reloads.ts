import fdPassing from '../../../../cases/fd-passing.ts'
import { broken, configured } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  fdPassing,
  'resets-before-reloads',
  'the server resets one connection in a thousand, with or without a reload',
  {
    setup: [configured('tcp-request connection reject if { rand(1000) lt 1 }\\n\\tredirect location /')],
  },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /\d+ resets? came before the first reload/ }
export const quick = true
