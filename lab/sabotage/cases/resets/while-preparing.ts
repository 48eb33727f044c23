import shards from '../../../../cases/variants/sockets/shards.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  shards,
  'resets-while-preparing',
  'what comes ahead of each reload is a reload that loses connections itself',
  { prepare: shards.prepare.map((command) => command.replace('-x $SOCK ', '')) },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /resets came in the pause between reloads/ }
