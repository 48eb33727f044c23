import none from '../../../../cases/none.ts'
import { broken, COUNTED } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  none,
  'service-dies-and-comes-back',
  'the service dies between two reloads and is started again',
  {
    control: undefined,
    proof: 'reload',
    before: [COUNTED],
    after: [
      'closed $OLD $PORT',
      '[ $(cat /tmp/n) -ne 3 ] || { kill -9 $NEW; sleep 0.02; haproxy -D -f $CFG -p $PIDFILE; }',
    ],
    price: { slow: true, refused: true, short: true, throughput: 1 },
  },
)

export const caught: Caught = {
  verdict: ['failed'],
  by: /reload 3 replaced process \d+, but the previous one had started process/,
}
export const quick = true
