import { proxyNamed } from '../../images/proxies/proxies.ts'
import { PORT } from '../guest/files.ts'
import { SERVER } from '../model/case/network.ts'
import { type Cell, proxyName } from '../model/cell.ts'

/** Where a shell is that has no kernel of its own. */
export const HERE = 'this kernel, in namespaces of its own'

/** What somebody is told whose shell opens: where it is, and what is at hand. Lines of at most 80 columns. */
export function greetingOf(
  cell: Pick<Cell, 'kernel' | 'guest' | 'proxy' | 'load'> & { case: Pick<Cell['case'], 'name' | 'reload' | 'network'> },
  where = `Linux ${cell.kernel.name}: ${cell.guest === 'host' ? HERE : 'a guest of two CPUs'}`,
): string {
  const { proxy, load } = cell
  return `
${where}
${proxyNamed(proxy.name).title} ${proxy.version} (${proxyName(proxy)}) serves on ${SERVER[cell.case.network ?? 'loopback'].address}:${PORT}; case ${cell.case.name}, load ${load.name}

  reload          ${cell.case.reload === false ? 'this case makes none' : "one reload, with the case's commands around it"}
  load [SECONDS]  a quiet second, then ${load.duration} s of load; a reload beside it:
                  load & sleep 2; reload; wait
                  lost: resetBefore, resetAfter, refused, timeout, short, other
  ls /cell        the cell's files: the proxy's configuration, the case's commands, env
  exit            leaves, and nothing is left behind
`.replace(/^\n/, '')
}

/** What stands before a command. */
export const promptOf = ({ kernel, case: { name } }: { kernel: { series: string }; case: { name: string } }) =>
  `${kernel.series} ${name} # `
