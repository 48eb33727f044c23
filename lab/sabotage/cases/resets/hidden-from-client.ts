import none from '../../../../cases/none.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(none, 'resets-hidden-from-client', 'a filter drops RSTs before the client sees them', {
  control: undefined,
  proof: 'reload',
  setup: ['iptables -I INPUT -i lo -p tcp --sport $PORT --tcp-flags RST RST -j DROP'],
  price: { slow: true, timeouts: true, throughput: 1 },
})

export const caught: Caught = {
  verdict: ['inconclusive'],
  by: /the wire shows a RST for \d+ connections? that the generator does not count as reset/,
}
