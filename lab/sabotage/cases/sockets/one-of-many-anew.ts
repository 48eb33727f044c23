import fdPassingMany from '../../../../cases/variants/sockets/fd-passing-many.ts'
import { broken, COUNTED } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(fdPassingMany, 'sockets-one-of-many-anew', 'of 300 listeners, the new process binds one anew', {
  before: [COUNTED, '[ $n != 1 ] || sed -i "s/127.0.1.7:8080$/& interface lo/" $CFG'],
})

export const caught: Caught = { verdict: ['failed'], by: /reload 0: the new proxy has a listener of its own/ }
