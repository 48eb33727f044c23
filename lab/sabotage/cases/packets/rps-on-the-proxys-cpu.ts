import irqApart, { takenBy } from '../../../../cases/variants/packets/irq-apart.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  irqApart,
  'packets-rps-on-the-proxys-cpu',
  "what irq-affinity is compared with gives packets to the proxy's CPU, too",
  { setup: [takenBy('$PROXY_CPU').setup[0]!, ...irqApart.setup.slice(1)] },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 packets/ }
export const kernel = '6.1'
