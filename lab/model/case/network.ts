/** What is between clients and proxy: the loopback, or a pair of veth devices, which leads to a network namespace of the clients' own. */
export const NETWORKS = ['loopback', 'veth'] as const
export type Network = (typeof NETWORKS)[number]

/** Where the clients reach the proxy: its address, and the device of the guest through which they come. */
export const SERVER: Record<Network, { address: string; device: string }> = {
  loopback: { address: '127.0.0.1', device: 'lo' },
  // An address for documentation (RFC 5737), which nobody has.
  veth: { address: '192.0.2.1', device: 'veth0' },
}

/** The clients' own address on veth. */
export const CLIENTS_ADDRESS = '192.0.2.2'
