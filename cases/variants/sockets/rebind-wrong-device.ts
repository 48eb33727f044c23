import type { CaseFile } from '../../case.ts'
import twoStep from '../../two-step.ts'

export default {
  name: 'rebind-wrong-device',
  title: 'The old listener on a wrong interface',
  idea: 'Bind the old listener to another interface, so that it scores less than the new one; it drains, then goes.',
  source: 'article, section 3, "Ugly tricks?": to change the binding to a wrong interface',
  needs: { features: ['reuseport'], modules: ['veth'] },
  setup: ['ip link add nowhere type veth peer name nobody'],
  // The new process takes the path of the stats socket; under this name the old one still answers.
  before: ['ln -f $SOCK /run/old.sock'],
  after: ['sleep 0.02', 'drained $OLD $PORT', 'kill -USR1 $OLD', 'closed $OLD $PORT'],
  proof: {
    shows: 'old listeners that are bound to the other interface (SO_BINDTODEVICE)',
    read: ['[ "$(tamper /run/old.sock $PORT device)" = nowhere ] && echo 1 || echo 0'],
    at: 'reload',
    every: true,
  },
  price: { slow: true, timeouts: true, throughput: 0.995 },
  expects: [
    {
      linux: { from: '4.6' },
      resets: 'none',
      because:
        'members of a group are not scored again (reuseport_select_sock), so the old listener still gets half of the SYNs; ' +
        'but it finds no way back for its SYN+ACKs by the other interface (inet_csk_route_req: IpOutNoRoutes and ' +
        'TcpExtListenDrops grow alike) and drops them, so it is drained before it closes; the SYNs come again after 1 s',
    },
    {
      linux: { from: '4.4' },
      resets: 'none',
      because:
        'compute_score refuses a listener on another interface, so new connections go to the new one, and the old one is ' +
        'drained before it closes',
    },
    {
      resets: 'some',
      because:
        'compute_score refuses it for every packet, and the SYN_RECVs are its own: the ACK of a half-open connection ' +
        'meets the new listener, which does not know it',
    },
  ],
  drawbacks: ['x', 'the socket is exposed to an interface that it was not meant for'],
  on: {
    haproxy: {
      needs: { from: '1.8' },
      reload: `${twoStep.on.haproxy.reload} && tamper /run/old.sock $PORT device nowhere`,
    },
  },
} satisfies CaseFile
