import type { Feature, Range } from '../../lab/model/case/case.ts'

/** An option of a kernel's configuration that the lab needs. */
export interface KernelOption {
  /** Without the prefix CONFIG_. */
  name: string
  /** Other options that are as good. */
  or?: string[]
  /** y: built in; m: built in or a module; a number: at least that. */
  value: 'y' | 'm' | number
  /** What needs it: every guest, or a feature. */
  for: ('guest' | Feature)[]
  /** The kernel module that it makes, as a case names it. */
  module?: string
  /** The kernels that have it under this name; default: all. */
  linux?: Range
  /**
   * No version tells whether a kernel has it, since stable series got it, too: it counts as lacking only where the
   * configuration says "is not set".
   */
  lackingOnlyIfUnset?: true
  /** Nothing fails without it. */
  optional?: true
  /** One line for the comment in the fragment. */
  why: string
}

const FILTER: Feature[] = ['iptables', 'length-match', 'u32-match', 'rps']
const IPTABLES: Feature[] = [...FILTER, 'iptables-mangle']
const PLUG: Feature[] = ['plug-qdisc', 'ifb']

/** Every option that the lab needs. An option comes after those on which it depends. */
export const KERNEL_OPTIONS: KernelOption[] = [
  { name: '64BIT', value: 'y', for: ['guest'], why: 'the programs of a guest are 64-bit' },
  { name: 'SMP', value: 'y', for: ['guest'], why: 'the proxy has a CPU, and the load generator another' },
  { name: 'PCI', value: 'y', for: ['guest'], optional: true, why: 'old ACPI depends on it' },
  { name: 'PM', value: 'y', for: ['guest'], optional: true, why: 'the ACPI of 2.6.32 depends on it' },
  { name: 'ACPI', or: ['X86_MPPARSE'], value: 'y', for: ['guest'], why: 'finds the second CPU' },
  { name: 'BLK_DEV_INITRD', value: 'y', for: ['guest'], why: 'the root file system is an initramfs' },
  { name: 'BINFMT_ELF', value: 'y', for: ['guest'], why: 'init is an ELF program' },
  { name: 'PROC_FS', value: 'y', for: ['guest'], why: 'listeners and counters are read in /proc' },
  {
    name: 'PROC_SYSCTL',
    value: 'y',
    for: ['guest'],
    linux: { below: '7.3' },
    why: 'port range and TIME_WAIT limit are set',
  },
  { name: 'SYSCTL', value: 'y', for: ['guest'], linux: { from: '7.3' }, why: 'port range and TIME_WAIT limit are set' },
  { name: 'FUTEX', value: 'y', for: ['guest'], optional: true, why: 'locks of programs with threads' },
  { name: 'PRINTK', value: 'y', for: ['guest'], optional: true, why: 'the console tells why a guest dies' },
  { name: 'SHMEM', value: 'y', for: ['guest'], optional: true, why: 'TMPFS depends on it' },
  { name: 'TMPFS', value: 'y', for: ['guest'], optional: true, why: '/run and /tmp; old DEVTMPFS depends on it' },
  { name: 'DEVTMPFS', value: 'y', for: ['guest'], why: 'makes /dev/ttyS1' },
  { name: 'SYSFS', value: 'y', for: ['guest'], optional: true, why: 'tells the clock source' },
  { name: 'TTY', value: 'y', for: ['guest'], lackingOnlyIfUnset: true, why: 'serial ports are terminals' },
  { name: 'SERIAL_8250', value: 'y', for: ['guest'], why: 'the serial ports of a guest' },
  { name: 'SERIAL_8250_CONSOLE', value: 'y', for: ['guest'], why: 'the console, on the first port' },
  { name: 'SERIAL_8250_NR_UARTS', value: 2, for: ['guest'], why: 'the events, on the second port' },
  {
    name: 'SERIAL_8250_RUNTIME_UARTS',
    value: 2,
    for: ['guest'],
    optional: true,
    why: 'the same, as 8250.nr_uarts=2 on the command line',
  },
  { name: 'EPOLL', value: 'y', for: ['guest'], why: 'the load generator waits with it' },
  { name: 'SIGNALFD', value: 'y', for: ['guest'], why: 'the load generator is stopped by a signal' },
  { name: 'TIMERFD', value: 'y', for: ['guest'], why: 'the load generator keeps time with it' },
  {
    name: 'HIGH_RES_TIMERS',
    value: 'y',
    for: ['guest'],
    optional: true,
    why: 'pauses and arrivals on time, not at the next tick',
  },
  { name: 'NET', value: 'y', for: ['guest'], why: 'sockets' },
  { name: 'UNIX', value: 'm', for: ['guest'], module: 'unix', why: "the proxy's stats socket, descriptor passing" },
  { name: 'PACKET', value: 'm', for: ['guest'], module: 'af_packet', why: 'RSTs are counted on the wire' },
  { name: 'INET', value: 'y', for: ['guest'], why: 'TCP/IP on the loopback' },
  {
    name: 'HYPERVISOR_GUEST',
    value: 'y',
    for: ['guest'],
    linux: { from: '5.0' },
    optional: true,
    why: 'the menu of PVH',
  },
  {
    name: 'PVH',
    value: 'y',
    for: ['guest'],
    linux: { from: '5.0' },
    optional: true,
    why: 'QEMU enters the unpacked kernel, which shortens the boot',
  },
  { name: 'MODULES', value: 'y', for: ['guest'], optional: true, why: 'loads what is built as a module' },

  { name: 'FILE_LOCKING', value: 'y', for: IPTABLES, why: 'the lock that iptables takes' },
  { name: 'NETFILTER', value: 'y', for: [...IPTABLES, 'nftables'], why: 'packet filters' },
  { name: 'NETFILTER_ADVANCED', value: 'y', for: ['length-match', 'u32-match', 'rps'], why: 'offers all matches' },
  {
    name: 'NETFILTER_XTABLES',
    value: 'm',
    for: IPTABLES,
    module: 'xt_tcpudp',
    why: 'x_tables, and the match on ports',
  },
  {
    name: 'NETFILTER_XTABLES_LEGACY',
    value: 'y',
    for: IPTABLES,
    lackingOnlyIfUnset: true,
    why: 'the old interface, which iptables uses and which 6.17 and later may leave out',
  },
  { name: 'IP_NF_IPTABLES', value: 'm', for: IPTABLES, why: 'iptables' },
  {
    name: 'IP_NF_IPTABLES_LEGACY',
    value: 'm',
    for: IPTABLES,
    lackingOnlyIfUnset: true,
    why: 'its old interface, for IPv4',
  },
  { name: 'IP_NF_FILTER', value: 'm', for: FILTER, module: 'iptable_filter', why: 'the filter table' },
  {
    name: 'NETFILTER_XT_MATCH_LENGTH',
    value: 'm',
    for: ['length-match'],
    module: 'xt_length',
    why: "tells a bare ACK by its packet's length",
  },
  {
    name: 'NETFILTER_XT_MATCH_U32',
    value: 'm',
    for: ['u32-match'],
    module: 'xt_u32',
    why: 'tells a bare ACK by fields of its headers',
  },
  {
    name: 'NETFILTER_XT_MATCH_CPU',
    value: 'm',
    for: ['rps'],
    module: 'xt_cpu',
    why: 'tells the CPU that takes a packet',
  },
  { name: 'IP_NF_MANGLE', value: 'm', for: ['iptables-mangle'], module: 'iptable_mangle', why: 'the mangle table' },
  {
    name: 'NETFILTER_XT_TARGET_MARK',
    value: 'm',
    for: ['iptables-mangle'],
    module: 'xt_MARK',
    linux: { below: '2.6.35' },
    why: 'marks SYNs',
  },
  {
    name: 'NETFILTER_XT_MARK',
    value: 'm',
    for: ['iptables-mangle'],
    module: 'xt_mark',
    linux: { from: '2.6.35' },
    why: 'marks SYNs',
  },

  {
    name: 'NF_TABLES',
    value: 'm',
    for: ['nftables'],
    module: 'nf_tables',
    linux: { from: '3.13' },
    why: 'nftables',
  },
  {
    name: 'NF_TABLES_IPV4',
    value: 'm',
    for: ['nftables'],
    module: 'nf_tables_ipv4',
    linux: { from: '3.13' },
    why: 'its tables for IPv4',
  },
  {
    name: 'NFT_META',
    value: 'm',
    for: ['nftables'],
    module: 'nft_meta',
    linux: { from: '3.13', below: '4.18' },
    why: 'tells the device and the protocol of a packet',
  },
  {
    name: 'NFT_COUNTER',
    value: 'm',
    for: ['nftables'],
    module: 'nft_counter',
    linux: { from: '3.13', below: '5.17' },
    why: 'counts what a rule meets',
  },

  { name: 'NET_NS', value: 'y', for: ['veth'], why: 'the clients have a network of their own' },
  { name: 'NETDEVICES', value: 'y', for: ['veth', 'ifb'], why: 'the menu of network devices' },
  { name: 'VETH', value: 'm', for: ['veth'], module: 'veth', why: 'connects two network namespaces' },
  { name: 'RPS', value: 'y', for: ['rps'], why: 'chooses the CPU that takes the packets of a device' },

  { name: 'NET_SCHED', value: 'y', for: PLUG, why: 'queueing disciplines' },
  { name: 'NET_SCH_PRIO', value: 'm', for: ['plug-qdisc'], module: 'sch_prio', why: 'a band for SYNs alone' },
  {
    name: 'NET_SCH_PLUG',
    value: 'm',
    for: PLUG,
    module: 'sch_plug',
    linux: { from: '3.4' },
    why: 'holds SYNs back until the reload is over',
  },
  { name: 'NET_CLS_FW', value: 'm', for: ['plug-qdisc'], module: 'cls_fw', why: 'sends marked packets to their band' },

  { name: 'NET_CLS_ACT', value: 'y', for: ['ifb'], why: 'the menu of actions on packets' },
  { name: 'NET_CLS_U32', value: 'm', for: ['ifb'], module: 'cls_u32', why: 'tells a SYN by its flags' },
  { name: 'NET_SCH_INGRESS', value: 'm', for: ['ifb'], module: 'sch_ingress', why: 'takes packets as they come in' },
  { name: 'NET_ACT_MIRRED', value: 'm', for: ['ifb'], module: 'act_mirred', why: 'redirects them to another device' },
  { name: 'IFB', value: 'm', for: ['ifb'], module: 'ifb', why: 'a device on which what came in can wait' },
  {
    name: 'BPF_SYSCALL',
    value: 'y',
    for: ['reuseport-sockarray', 'bpf-migration'],
    linux: { from: '3.18' },
    why: 'maps, and programs that use them; without it the lab steers by classic BPF alone',
  },
  { name: 'SYN_COOKIES', value: 'y', for: ['syncookies-always'], why: 'SYN cookies' },

  { name: 'FTRACE', value: 'y', for: ['tracepoints', 'kprobes'], why: 'the menu of tracers' },
  {
    name: 'FUNCTION_TRACER',
    or: ['EVENT_TRACING'],
    value: 'y',
    for: ['tracepoints'],
    why: 'brings trace events (EVENT_TRACING), as any tracer does',
  },
  { name: 'KPROBES', value: 'y', for: ['kprobes'], why: 'probes at functions of the kernel' },
  {
    name: 'KPROBE_EVENT',
    value: 'y',
    for: ['kprobes'],
    linux: { from: '2.6.33', below: '4.11' },
    why: 'makes them trace events',
  },
  {
    name: 'KPROBE_EVENTS',
    value: 'y',
    for: ['kprobes'],
    linux: { from: '4.11' },
    why: 'makes them trace events',
  },
]
