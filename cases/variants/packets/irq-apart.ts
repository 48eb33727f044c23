import type { CaseFile } from '../../case.ts'
import { BLACK_HOLE } from '../../none.ts'

/** Lets RPS give the packets that come in to one CPU, and counts those to the proxy that a CPU took. */
export const takenBy = (cpu: '$PROXY_CPU' | '$LOAD_CPU') => ({
  setup: [
    `printf %x $((1 << ${cpu})) >/sys/class/net/veth0/queues/rx-0/rps_cpus`,
    'iptables -N TAKEN',
    `iptables -A TAKEN -m cpu --cpu ${cpu}`,
    `iptables -A TAKEN -m cpu ! --cpu ${cpu}`,
    'iptables -I INPUT -i veth0 -p tcp --dport $PORT -j TAKEN',
  ],
  proof: {
    shows: 'packets that this CPU took, none where another took any',
    read: ["iptables -nvxL TAKEN | awk '/ cpu / { n[++i] = $1 } END { print n[2] ? 0 : n[1] }'"],
    at: 'end' as const,
  },
})

export default {
  name: 'irq-apart',
  title: "Network interrupts on the generator's CPU",
  idea: 'Let the CPU of the generator take what comes in from the network, while the proxy runs on its own.',
  source: 'article, section 5: errors only when HAProxy was on another CPU than the network interrupts',
  network: 'veth',
  against: 'none-veth',
  needs: { features: ['rps'] },
  ...takenBy('$LOAD_CPU'),
  expects: [
    BLACK_HOLE,
    {
      resets: 'some',
      because:
        'handshakes end on one CPU between the last accept() and close() on another; close() resets what is then in the ' +
        'accept queue (inet_csk_listen_stop)',
    },
  ],
  drawbacks: ['none: it is no mitigation'],
  // The article's proxy took all that waited in one turn; the default of HAProxy 2.4 and later, 4, leaves the rest.
  on: { haproxy: { config: { global: ['tune.maxaccept -1'] } } },
} satisfies CaseFile
