import type { Claim } from '../lab/model/claim.ts'

/** Connections a second, where the article counts 155 failures of a million, and 2 to 3 a reload. */
const ARTICLE_RATE = 55_000

const MANAGEMENT = 'HAProxy, management.txt, section 4'

/** What the article and others say of reloads, and where the lab looks. */
export const CLAIMS: Claim[] = [
  {
    by: 'article, section 2',
    says: '"around 2-3 per million connections per reload", read as resets a reload',
    experiment: 'separate-cpus',
    row: 'plain',
    holds: { near: 2.5, unit: 'resets', rate: ARTICLE_RATE },
  },
  {
    by: 'article, section 2',
    says: '155 failures of a million connections after 180 reloads: 0.86 a reload',
    experiment: 'headline',
    row: 'plain',
    holds: { near: 155 / 180, unit: 'failures', rate: ARTICLE_RATE },
  },
  {
    by: 'article, section 3',
    says: 'dropping SYNs saves clients from experiencing a reset',
    experiment: 'delays',
    row: 'SYNs dropped',
    holds: { lost: 'none' },
  },
  {
    by: 'article, section 3',
    says: 'dropping SYNs causes an occasional extra delay of 200 ms to 3 s',
    experiment: 'delays',
    row: 'SYNs dropped',
    holds: { slow: 'some' },
  },
  {
    by: 'Yelp, 2015',
    says: 'delaying SYNs is true zero downtime',
    experiment: 'delays',
    row: 'SYNs delayed',
    holds: { lost: 'none' },
  },
  {
    by: 'article, section 3',
    says: 'eBPF cannot divert SYNs: all it can do is accept or reject',
    experiment: 'steering',
    row: 'eBPF',
    holds: { lost: 'some' },
  },
  {
    by: 'article, section 5',
    says: 'a reload loses connections while proxy and load run on a CPU each',
    experiment: 'separate-cpus',
    row: 'plain',
    holds: { lost: 'some' },
  },
  {
    by: 'article, section 5',
    says: 'no error while both run on one CPU',
    experiment: 'same-cpu',
    row: 'one CPU',
    holds: { lost: 'none' },
  },
  {
    by: 'article, section 5',
    says: 'no error over the network while HAProxy is on the CPU of the interrupts',
    experiment: 'same-network-cpu',
    row: "interrupts on the proxy's CPU",
    holds: { lost: 'none' },
  },
  {
    by: 'article, section 5',
    says: 'errors over the network while HAProxy is on another CPU',
    experiment: 'same-network-cpu',
    row: "interrupts on the load's CPU",
    holds: { lost: 'some' },
  },
  {
    by: 'article, section 5',
    says: 'no single error with -F and -c',
    experiment: 'fused-ack-rst',
    row: '-F -c',
    holds: { lost: 'none' },
  },
  {
    by: 'article, section 5',
    says: '-F got rid of the problem',
    experiment: 'fused-ack',
    row: '-F',
    holds: { lost: 'none' },
  },
  {
    by: 'article, section 5',
    says: 'defer-accept still experienced the problem',
    experiment: 'defer-accept',
    row: 'defer-accept',
    holds: { lost: 'some' },
  },
  {
    by: 'article, section 5',
    says: 'blocking empty ACKs got rid of the problem',
    experiment: 'empty-acks',
    row: 'ACKs dropped',
    holds: { lost: 'none' },
  },
  {
    by: 'article, section 6',
    says: 'the rule with u32 is a usable workaround',
    experiment: 'production-rule',
    row: 'u32, always',
    holds: { lost: 'none' },
  },
  {
    by: 'article, section 6',
    says: 'blocking empty ACKs only during the reload is viable',
    experiment: 'production-rule',
    row: 'only while it reloads',
    holds: { lost: 'none' },
  },
  {
    by: 'article, section 6',
    says: 'blocking empty ACKs causes no extra delays',
    experiment: 'latency-price',
    row: 'ACKs dropped',
    holds: { slow: 'none' },
  },
  {
    by: 'article, section 6',
    says: 'blocking empty ACKs keeps clients of banner protocols from connecting properly',
    experiment: 'banner',
    row: 'ACKs dropped',
    holds: { lost: 'some' },
  },
  {
    by: 'article, section 6',
    says: 'delaying empty ACKs instead is an improved solution',
    experiment: 'delays',
    row: 'ACKs delayed',
    holds: { lost: 'none' },
  },
  {
    by: 'article, section 6',
    says: 'delaying empty ACKs spares banner protocols',
    experiment: 'banner',
    row: 'ACKs delayed',
    holds: { lost: 'none' },
  },
  {
    by: 'article, section 7',
    says: 'with the sockets passed on the connection is never closed',
    experiment: 'transfer',
    row: 'sockets passed',
    holds: { lost: 'none' },
  },
  {
    by: 'article, section 7',
    says: 'passing is limited to 253 listeners',
    experiment: 'transfer',
    row: '300 sockets passed',
    holds: { lost: 'some' },
  },
  {
    by: 'article, section 8',
    says: 'ab fails requests over HTTPS at restarts',
    experiment: 'https',
    row: 'restart (-st)',
    holds: { lost: 'some' },
  },
  {
    by: 'article, section 8',
    says: 'ab fails requests over HTTPS at reloads',
    experiment: 'https',
    row: 'reload (-sf)',
    // One of its 2,000 requests failed, which take some thirty reloads.
    holds: { lost: 'some', share: 0.03 },
  },
  {
    by: 'article, section 8',
    says: 'ab fails no request over HTTPS at reloads with socket transfer',
    experiment: 'https',
    row: 'reload with socket transfer (-x -sf)',
    holds: { lost: 'none' },
  },
  {
    by: 'GitHub, 2016',
    says: 'a socket server (multibinder) makes reloads of zero downtime and zero delay',
    experiment: 'transfer',
    row: 'socket server',
    holds: { lost: 'none' },
  },
  {
    by: MANAGEMENT,
    says: 'around 1 failure a reload every 10,000 new connections per second',
    experiment: 'per-ten-thousand',
    row: 'plain',
    holds: { near: 1, unit: 'failures at 10,000 a second' },
  },
  {
    by: 'Iwashima, 2021',
    says: 'tcp_migrate_req saves the connections of a listener that closes',
    experiment: 'steering',
    row: 'tcp-migrate-req',
    holds: { lost: 'none' },
  },
  {
    by: 'Iwashima, 2021',
    says: 'a program may choose where they go',
    experiment: 'steering',
    row: 'moved by a program',
    holds: { lost: 'none' },
  },
  {
    by: 'said of nginx',
    says: 'a reload loses nothing',
    experiment: 'nginx',
    row: 'reload',
    holds: { lost: 'none' },
  },
  {
    by: 'said of nginx',
    says: 'an upgrade of the executable (USR2) loses nothing',
    experiment: 'nginx',
    row: 'upgrade',
    holds: { lost: 'none' },
  },
]

/** The claims that experiments of these names test. */
export const claimsOf = (experiments: { name: string }[]): Claim[] =>
  CLAIMS.filter(({ experiment }) => experiments.some(({ name }) => name === experiment))
