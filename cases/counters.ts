/** A command that prints how often a counter of TCP has counted in the guest (TcpExt, /proc/net/netstat); 0 if the kernel has none of that name. */
export const tcpExt = (name: string): string =>
  "awk '/^TcpExt:/ { if (!n) n = split($0, name); else split($0, value) } " +
  `END { for (i = 1; i <= n; i++) if (name[i] == "${name}") found = value[i]; print found + 0 }' /proc/net/netstat`
