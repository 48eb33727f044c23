import fdPassingMany from '../../../../cases/variants/sockets/fd-passing-many.ts'
import { broken, COUNTED } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  fdPassingMany,
  'sockets-one-of-many-lost',
  'of 300 listeners, the new process has no use for one',
  { before: [COUNTED, '[ $n != 1 ] || sed -i "/127.0.1.7:/d" $CFG'] },
)

export const caught: Caught = {
  verdict: ['failed'],
  by: /reload 0: the new proxy has 299 of the 300 listeners of the old one, not all of them/,
}
