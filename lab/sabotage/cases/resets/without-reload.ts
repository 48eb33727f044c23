import noReload from '../../../../cases/no-reload.ts'
import { broken, configured } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  noReload,
  'resets-without-reload',
  'the server resets one connection in a thousand although nothing reloads',
  {
    setup: [configured('tcp-request connection reject if { rand(1000) lt 1 }\\n\\tredirect location /')],
  },
)

export const caught: Caught = { verdict: ['contradicts'], by: /\d+ resets?.* without any reload|theory expects none/ }
