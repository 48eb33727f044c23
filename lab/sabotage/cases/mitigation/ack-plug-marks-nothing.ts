import ackDelay from '../../../../cases/variants/packets/ack-delay.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  ackDelay,
  'mitigation-ack-plug-marks-nothing',
  'ACK delay where segments have no timestamps: its rule marks a length of 52',
  { setup: ['sysctl -w net.ipv4.tcp_timestamps=0', ...ackDelay.setup] },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 bare ACKs/ }
export const kernel = '6.1'
