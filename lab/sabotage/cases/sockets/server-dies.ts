import socketServer from '../../../../cases/variants/sockets/socket-server.ts'
import { broken, COUNTED } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(socketServer, 'sockets-server-dies', 'the socket server dies ahead of the third reload', {
  before: [COUNTED, '[ $n != 3 ] || kill $(pidof binder)'],
})

export const caught: Caught = { verdict: ['failed'], by: /reload 2: \/cell\/reload ended with status 1/ }
