import none from '../../../../cases/none.ts'
import { broken, configured } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  none,
  'resets-between-reloads',
  'from the first reload on, the server resets one connection in a hundred',
  {
    control: undefined,
    proof: 'reload',
    before: [configured('tcp-request connection reject if { rand(100) lt 1 }\\n\\tredirect location /')],
  },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /resets came in the pause between reloads/ }
