import { ARTICLE, ARTICLE_LOAD } from '../article.ts'
import type { ExperimentFile } from '../experiments.ts'

const row = (label: string, ...cases: string[]) => ({ label, cases, ...ARTICLE_LOAD })

export default {
  ...ARTICLE,
  name: 'cookies',
  title: 'What waits in SYN_RECV',
  question: 'Do SYN cookies, or migration, save the connections that wait in SYN_RECV when the listener closes?',
  source: 'the lab; net.ipv4.tcp_syncookies=2 (Linux 3.12) and net.ipv4.tcp_migrate_req (Linux 5.14)',
  columns: ['failures per million', 'errs', 'resets among hits', 'conn/s', 'proof'],
  rows: [
    row('plain', 'none'),
    row('cookies', 'syncookies-always'),
    row('ACKs dropped', 'ack-block'),
    row('ACKs dropped, cookies', 'ack-block-syncookies'),
    row('ACKs dropped, migration', 'ack-block-migration'),
    row('-F', 'fused-ack'),
    row('-F, cookies', 'fused-ack-syncookies'),
    row('-F, migration', 'fused-ack-migration'),
  ],
} satisfies ExperimentFile
