/** Versions from `from` (included) up to `below` (not included), compared part by part: '4.6' <= '4.6.1' < '5'. */
export interface Range {
  from?: string
  below?: string
}

/** What theory says of the resets: never any, some, or fewer or more of them than with the case `none`. */
export type Resets = 'none' | 'some' | 'fewer' | 'more'

/** What theory expects of a case in a range of kernels, and why. */
export interface Expectation {
  linux?: Range
  resets: Resets
  /** The reason, with its source: a kernel function and version, a commit, a section of the article. */
  because: string
}

/** Something a kernel or a proxy can or cannot do; found out in the guest by trying it, see probes.ts. */
export type Feature = 'iptables' | 'iptables-mangle' | 'length-match' | 'plug-qdisc' | 'reuseport' | 'reuseport-bpf'

/**
 * A mitigation or a control, as data. Commands are what an operator would type; they run in `sh -e` on the
 * proxy's CPU, as root of the guest, and a non-zero status fails the cell. They may use
 *   $PORT      the port the proxy listens on
 *   $CFG       the proxy's configuration file
 *   $SOCK      the proxy's stats socket
 *   $PIDFILE   where the proxy writes its process id
 *   $OLD       process id of the proxy that is being replaced
 *   $NEW       (after only) process id of the proxy that replaced it
 */
export interface Case {
  /** Lower case, with dashes; what `--case` takes. */
  name: string
  title: string
  /** One sentence. */
  idea: string
  /** Where it comes from: a section of the article, a commit, a project. */
  source: string
  /** A control shows that the lab can see resets (positive), or sees none that are not there (negative). */
  control?: 'positive' | 'negative'
  needs?: {
    linux?: Range
    haproxy?: Range
    features?: Feature[]
    /** Kernel modules to load, without their dependencies. A module that the kernel has built in is fine. */
    modules?: string[]
  }
  /** The proxy's configuration: lines added to `global`, and words added to the `bind` line. */
  proxy?: { global?: string[]; bind?: string }
  /** Before the proxy starts. */
  setup?: string[]
  /** Once the proxy listens, before the load begins. */
  ready?: string[]
  /** Before each reload. */
  before?: string[]
  /** The reload itself, or false for no reload at all. Default: start the new process with `-sf $OLD`. */
  reload?: string | false
  /** After each reload. */
  after?: string[]
  /** The first entry whose range holds the kernel counts. */
  expects: Expectation[]
  /** What it costs, for the report. */
  drawbacks: string[]
}
