import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { follow, type Log, type Tail } from '../../docker/log.ts'

/** A task can tell its log; the types of dockerode do not say so. */
type WithLogs = { logs: (options: Docker.ContainerLogsOptions) => Promise<NodeJS.ReadableStream> }

/**
 * Follows the log of a task from its first line, wherever the task is. Swarm never ends such a stream by itself, and begins
 * it anew when the node was away.
 */
export async function followTask(docker: Docker, task: string, take: (line: string) => void, tail: Tail): Promise<Log> {
  const source = docker.getTask(task) as unknown as WithLogs
  const stream = await source.logs({ follow: true, stdout: true, stderr: true })
  return follow(docker, stream as Readable, take, tail)
}
