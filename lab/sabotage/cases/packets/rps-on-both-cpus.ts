import irqAffinity from '../../../../cases/variants/packets/irq-affinity.ts'
import { broken } from '../../case-plant.ts'
import type { Caught } from '../../finding.ts'

export default broken(
  irqAffinity,
  'packets-rps-on-both-cpus',
  "RPS shares the packets between both CPUs instead of giving them to the proxy's",
  { setup: irqAffinity.setup.map((command) => command.replace(/^printf .* >/, 'echo 3 >')) },
)

export const caught: Caught = { verdict: ['inconclusive'], by: /the case did not act: 0 packets/ }
export const kernel = '6.1'
