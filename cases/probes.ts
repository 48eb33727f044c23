import type { Feature } from './case.ts'

/**
 * How the guest finds out whether its kernel can do something: by doing it. The commands run before the case's own;
 * a non-zero status means it cannot, and what they printed is the reason given for skipping the cell.
 */
export const PROBES: Record<Feature, string> = {
  iptables: 'iptables -L INPUT -n >/dev/null',
  'iptables-mangle':
    'iptables -t mangle -A OUTPUT -p tcp --dport 1 -j MARK --set-mark 1 && iptables -t mangle -F OUTPUT',
  'length-match': 'iptables -A INPUT -p tcp --dport 1 -m length --length 52 -j DROP && iptables -F INPUT',
  'plug-qdisc': [
    'tc qdisc add dev lo root handle 1: prio bands 4 || exit 1',
    'tc qdisc add dev lo parent 1:4 handle 40: plug limit 1000000 &&',
    '  tc qdisc change dev lo parent 1:4 handle 40: plug release_indefinite',
    'status=$?',
    'tc qdisc del dev lo root',
    'exit $status',
  ].join('\n'),
  'reuseport-bpf': 'steer --check',
}
