import type { Range } from '../../lab/model/case/case.ts'
import type { Exchange } from '../../lab/model/case/load.ts'
import type { ProxyTraits } from '../../lab/model/case/proxy.ts'
import type { Recipe } from '../debian/build.ts'
import type { Place } from '../debian/places.ts'

/** What a proxy's configuration is made from. */
export interface Setting {
  version: string
  /** Where it listens: an IPv4 address, or * for all of the guest's. */
  address: string
  port: number
  /** Where it writes its process id, and has its stats socket if it has one. */
  pidfile: string
  socket: string
  /** The most connections at a time. */
  connections: number
  /** What its clients do, see lab/model/case/load.ts: under `banner` they are passed on to the backend, a UNIX socket. */
  exchange: Exchange['kind']
  backend: string
  /** Connections that it accepts in one go; -1: all that wait. */
  maxaccept: number
  /** What a case adds: lines, or words of a line, by section. */
  extra: Record<string, string[]>
}

/**
 * A proxy as data. Commands are what an operator would type; they run in `sh` on the proxy's CPU and may use the
 * variables that lab/model/case/case.ts lists.
 */
export interface ProxyKind extends ProxyTraits {
  /** Where Debian has it, by series, the oldest first. */
  series: Record<string, Place>
  defaultSeries: string
  /** Where the distribution's own program lies on a Debian machine, if the lab can measure that one. */
  distribution?: string
  /**
   * How Debian's source package of the same name becomes a static program of that name: the first one whose versions have
   * this one.
   */
  recipes: (Recipe & { versions?: Range })[]
  /** The same with TLS, where the lab can build it. */
  tls?: Recipe & { versions: Range }
  /** How somebody else may build a static one: the hint for a program that is none. */
  buildHint: string
  /** The one word with which the program is run to print its version and end: -v. */
  versionFlag: string
  /** The version in what it prints then; undefined when it is another program. */
  versionIn: (output: string) => string | undefined
  /** Connections that a version accepts in one go where its configuration does not say; -1: all that wait. */
  defaultMaxaccept: (version: string) => number
  /** What it can accept in one go, in words, where it cannot be this number. */
  refusesMaxaccept?: (maxaccept: number) => string | null
  /** What its configuration file is called. */
  file: string
  /** The text of that file: every request is answered by the proxy itself, as with the article's redir.cfg; see `exchange`. */
  config: (setting: Setting) => string
  start: string
  /** Prints the ids of the processes that accept connections at this moment; none, or a non-zero status: nobody does. */
  serving: string
}
