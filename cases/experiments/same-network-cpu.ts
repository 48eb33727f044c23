import { ARTICLE, ARTICLE_LOAD } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

const row = (label: string, ...cases: string[]) => ({ label, cases, ...ARTICLE_LOAD })

export default {
  ...ARTICLE,
  name: 'same-network-cpu',
  title: "The network's interrupts on the CPU of the proxy",
  question: 'Does a plain reload lose nothing over a network when the CPU of the proxy takes what comes in?',
  source: 'article, section 5: no error over the network while HAProxy was on the CPU of the network interrupts',
  columns: ['hits/s', 'errs', 'resets among hits', 'proof'],
  rows: [
    row('plain, over veth', 'none-veth'),
    row("interrupts on the load's CPU", 'irq-apart'),
    row("interrupts on the proxy's CPU", 'irq-affinity'),
  ],
} satisfies ExperimentFile
