import type { Group } from '../facts/groups/groups.ts'
import { accounts, causes, disagreeing, keptTable, parts, threeCounts } from './counts.ts'
import { evidence, loading, runs } from './running.ts'
import { SUMS_NOTE, summaryTable } from './summary.ts'
import { type GroupSection, type TableSection, together } from './table.ts'

const LOADING: GroupSection = {
  title: 'Load and boots',
  note: 'What limited the load: the rate that was asked for, a CPU, or the clients, who waited. At each reload, in the 5 ms slot in which its new process had started: in flight, connections begun and not ended when the slot ends; held, the most that the server’s side had at once within it, which can be more. Capped: reloads within one of users − maxaccept, the most that they can lose.',
  table: loading,
}

/** Of each group: what limited the load, whether the numbers can be believed, and where its parts ran. */
export const GROUP_SECTIONS: GroupSection[] = [
  LOADING,
  {
    title: 'Two accounts',
    note: 'Strict: every connection ends in one way, and the outcomes add up to all connections. inject’s: what the article’s tool would have printed.',
    table: accounts,
  },
  {
    title: 'Three counts',
    note: 'The generator’s, the packets seen on the wire, and the kernel’s counter are independent and must agree.',
    table: threeCounts,
  },
  {
    title: 'Exposure and proof',
    note: 'Exposed reloads had a connection to lose. The proof shows that the case acted.',
    table: (group, result) => evidence(group, result),
  },
  {
    title: 'How it was run',
    note: 'Due, not begun: arrivals of an open loop that had not begun when the load ended. Waited for a CPU: the share of the time that the vCPU threads (on the host, the programs) waited for one; stolen: the share that the hypervisor of this machine took from their CPUs. Spin µs: how long a fixed piece of work took on the generator’s CPU, measured once a second (the median); more means a slower machine.',
    table: runs,
  },
]

/** Why and when connections were reset, over all groups, and what became of kept ones; none where nothing was. */
export const lossSections = (all: Group[]): TableSection[] =>
  [
    {
      title: 'What reset them',
      note: 'Resets by cause, from the counters of the kernel, and the share of all. Accept queue: established, waiting to be accepted; completing: about to be established while the listener closed; SYN_RECV: not yet a socket of the server. ?: the three counts of the cell disagree.',
      table: causes(all),
    },
    {
      title: 'When they were reset',
      note: 'Resets by the part of the reload in which their RST came, and the share of all.',
      table: parts(all),
    },
    {
      title: 'Kept connections',
      note: 'Every connection counts once above, however many requests it carried. A reused one had had an answer before it was lost. A client may send a GET again by itself, and a POST not. Idle: reset while no request was under way, which costs nobody an answer. Empty reply: the proxy closed without an answer, and without a RST.',
      table: keptTable(all),
    },
  ].filter(({ table }) => table.rows.length > 0)

/** What a report says of so many cells that nobody reads each: a row each in tables over all groups. */
export function briefSections(all: Group[]): TableSection[] {
  const wrong = disagreeing(all)
  return [
    { title: 'Summary', note: SUMS_NOTE, table: summaryTable(all, all) },
    { title: LOADING.title, note: LOADING.note, table: together(all, loading) },
    {
      title: 'Three counts',
      note:
        wrong.length > 0
          ? 'The generator’s, the packets seen on the wire, and the kernel’s counter disagree in these cells, and agree in the others.'
          : 'The generator’s, the packets seen on the wire, and the kernel’s counter agree in each cell that was measured.',
      table: together(wrong, threeCounts),
    },
  ]
}

/** Says what a report of very many cells leaves out. */
export const BRIEF_NOTE =
  'This report leaves out the charts by reload, latencies, CPUs and commands of so many cells: result.json has them, and the folder of each cell has its events, console and command. A comparison of fewer runs shows them.'
