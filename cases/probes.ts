import type { Feature } from '../lab/model/case/case.ts'

/** How the guest finds out whether its kernel has a feature: by using it. */
export interface Probe {
  what: string
  /** The mainline version that brought it. Only lists go by it: distributions bring features to older kernels. */
  since: string
  /** Kernel modules that it needs, without their dependencies. What is built in, or has another name there, is fine. */
  modules: string[]
  /** Commands for `sh` in the guest; a non-zero status means no. What they print is the answer's reason. */
  run: string
}

/** Without file locks iptables does nothing, and says that another iptables is at work. */
const LOCKS = 'feature locks || exit 1'

/** A rule goes in and out again: iptables itself says what lacks. */
const rule = (table: string, chain: string, match: string) =>
  `${LOCKS}\niptables -t ${table} -A ${chain} -p tcp --dport 1 ${match} && iptables -t ${table} -F ${chain} && echo taken`

/** xt_MARK is the target's name up to 2.6.34; xt_mark has match and target from there. */
const MARK = ['iptable_mangle', 'xt_tcpudp', 'xt_mark', 'xt_MARK']

/** tracefs has a place of its own from 4.1. */
const TRACING = [
  'mount -t tracefs tracefs /sys/kernel/tracing 2>&- && cd /sys/kernel/tracing || {',
  '  mount -t debugfs debugfs /sys/kernel/debug 2>&-',
  '  cd /sys/kernel/debug/tracing 2>&- || { echo neither tracefs nor debugfs with tracing; exit 1; }',
  '}',
]

export const PROBES: Record<Feature, Probe> = {
  reuseport: {
    what: 'SO_REUSEPORT for TCP',
    since: '3.9',
    modules: [],
    run: 'feature reuseport',
  },
  iptables: {
    what: 'iptables, table filter',
    since: '2.6.32',
    modules: ['iptable_filter', 'xt_tcpudp'],
    run: `${LOCKS}\niptables -L INPUT -n >/dev/null && echo listed`,
  },
  'iptables-mangle': {
    what: 'iptables, table mangle, marks',
    since: '2.6.32',
    modules: MARK,
    run: rule('mangle', 'OUTPUT', '-j MARK --set-mark 1'),
  },
  'length-match': {
    what: 'iptables -m length',
    since: '2.6.32',
    modules: ['iptable_filter', 'xt_tcpudp', 'xt_length'],
    run: rule('filter', 'INPUT', '-m length --length 52 -j DROP'),
  },
  'u32-match': {
    what: 'iptables -m u32',
    since: '2.6.32',
    modules: ['iptable_filter', 'xt_tcpudp', 'xt_u32'],
    run: rule('filter', 'INPUT', '-m u32 --u32 "0&0xFFFF=0x34" -j DROP'),
  },
  nftables: {
    what: 'nft: a rule on the flags of TCP, with a counter',
    since: '3.13',
    // Expressions were modules up to 4.17, the counter up to 5.16, and the filter for IPv4 up to 4.16.
    modules: ['nf_tables', 'nf_tables_ipv4', 'nft_meta', 'nft_counter'],
    run: [
      'nft add table ip probe || exit 1',
      "nft add chain ip probe input '{ type filter hook input priority 0; }' &&",
      "  nft add rule ip probe input iif lo tcp dport 1 'tcp flags & (fin|syn|rst|ack) == syn' counter drop",
      'status=$?',
      'nft delete table ip probe',
      '[ $status = 0 ] && echo taken',
      'exit $status',
    ].join('\n'),
  },
  'plug-qdisc': {
    what: 'the qdisc plug under prio, with filters by mark',
    since: '3.4',
    modules: [...MARK, 'sch_prio', 'sch_plug', 'cls_fw'],
    run: [
      'tc qdisc add dev lo root handle 1: prio bands 4 || exit 1',
      'tc qdisc add dev lo parent 1:4 handle 40: plug limit 1000000 &&',
      '  tc qdisc change dev lo parent 1:4 handle 40: plug release_indefinite &&',
      '  tc filter add dev lo parent 1: protocol ip prio 1 handle 1 fw classid 1:4',
      'status=$?',
      'tc qdisc del dev lo root',
      '[ $status = 0 ] && echo plugged and released',
      'exit $status',
    ].join('\n'),
  },
  veth: {
    what: 'a pair of veth devices, and network namespaces that a program can join',
    since: '3.0',
    modules: ['veth'],
    run: [
      'ip link add probe0 type veth peer name probe1 && ip link del probe0 || exit 1',
      'unshare -n true && nsenter -t $$ -n true && echo made and joined',
    ].join('\n'),
  },
  ifb: {
    what: 'the qdisc plug on an ifb, to which incoming SYNs are redirected by u32',
    since: '3.4',
    modules: ['ifb', 'sch_ingress', 'cls_u32', 'act_mirred', 'sch_plug'],
    run: [
      'ip link add probe0 type ifb || exit 1',
      'ip link set probe0 up && tc qdisc add dev probe0 root handle 1: plug limit 1000000 &&',
      '  tc qdisc change dev probe0 root handle 1: plug release_indefinite &&',
      '  tc qdisc add dev lo handle ffff: ingress &&',
      '  tc filter add dev lo parent ffff: protocol ip prio 1 u32 match u8 0x02 0x12 at 33 \\',
      '    action mirred egress redirect dev probe0',
      'status=$?',
      'tc qdisc del dev lo ingress',
      'ip link del probe0',
      '[ $status = 0 ] && echo redirected, plugged and released',
      'exit $status',
    ].join('\n'),
  },
  rps: {
    what: 'RPS of a device, and iptables -m cpu',
    since: '2.6.36',
    modules: ['iptable_filter', 'xt_tcpudp', 'xt_cpu'],
    run: [
      'cpus=/sys/class/net/lo/queues/rx-0/rps_cpus',
      '[ -f $cpus ] || { echo no $cpus; exit 1; }',
      'echo 1 >$cpus && echo 0 >$cpus || exit 1',
      rule('filter', 'INPUT', '-m cpu --cpu 0'),
    ].join('\n'),
  },
  'reuseport-bpf': {
    what: 'a BPF program that chooses in a reuseport group of TCP',
    since: '4.6',
    modules: [],
    run: 'steer --check',
  },
  'reuseport-sockarray': {
    what: 'a BPF program that selects from a map of listeners',
    since: '4.19',
    modules: [],
    run: 'route --check',
  },
  migration: {
    what: 'tcp_migrate_req: connections move to another listener',
    since: '5.14',
    modules: [],
    run: 'feature migration',
  },
  'bpf-migration': {
    what: 'a BPF program in a reuseport group that lets connections move to another listener',
    since: '5.14',
    modules: [],
    run: 'feature bpf-migration',
  },
  'syncookies-always': {
    what: 'tcp_syncookies=2: a cookie for every SYN',
    since: '3.12',
    modules: [],
    run: 'feature syncookies',
  },
  tracepoints: {
    what: 'the tracepoint tcp:tcp_send_reset',
    since: '4.15',
    modules: [],
    run: [
      ...TRACING,
      'enable=events/tcp/tcp_send_reset/enable',
      '[ -f $enable ] || { echo no $enable; exit 1; }',
      'echo 1 >$enable && echo 0 >$enable && echo $enable',
    ].join('\n'),
  },
  kprobes: {
    what: 'a kprobe event on tcp_v4_send_reset',
    since: '2.6.33',
    modules: [],
    run: [
      ...TRACING,
      '[ -f kprobe_events ] || { echo no kprobe_events; exit 1; }',
      'echo p:hitless/reset tcp_v4_send_reset >kprobe_events || exit 1',
      'echo 1 >events/hitless/reset/enable && echo 0 >events/hitless/reset/enable',
      'status=$?',
      'echo >kprobe_events',
      '[ $status = 0 ] && echo probed tcp_v4_send_reset',
      'exit $status',
    ].join('\n'),
  },
}
