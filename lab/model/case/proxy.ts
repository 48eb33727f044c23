/** What a plan needs to know of a proxy, whatever its version: what it is called, and what a case may say of it. */
export interface ProxyTraits {
  /** What `--proxy` takes, and the name of its program: haproxy. */
  name: string
  /** What it is called in a sentence: HAProxy. */
  title: string
  /** The sections of its configuration to which a case can add lines. */
  sections: readonly string[]
  /** The command that reloads it, where a case has none of its own. */
  reload: string
}
