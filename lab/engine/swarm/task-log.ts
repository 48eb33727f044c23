import { createInterface } from 'node:readline'
import { PassThrough, type Readable } from 'node:stream'
import type Docker from 'dockerode'
import type { Tail } from '../docker/log.ts'

/** The log of a task while it is followed. */
export interface TaskLog {
  /** Resolves when nothing more comes over this connection; rejects with what `take` threw. */
  over: Promise<void>
  close: () => void
}

/** A task can tell its log; the types of dockerode do not say so. */
type WithLogs = { logs: (options: Docker.ContainerLogsOptions) => Promise<NodeJS.ReadableStream> }

/**
 * Follows the log of a task from its first line, wherever the task is. Swarm never ends such a stream by itself, and begins
 * it anew when the node was away.
 *
 * @param take is given the lines of stdout; what it throws ends the reading
 * @param tail gets what was said on stderr
 */
export async function followTask(
  docker: Docker,
  task: string,
  take: (line: string) => void,
  tail: Tail,
): Promise<TaskLog> {
  const source = docker.getTask(task) as unknown as WithLogs
  const stream = (await source.logs({ follow: true, stdout: true, stderr: true })) as Readable
  const [out, err] = [new PassThrough(), new PassThrough()]
  docker.modem.demuxStream(stream, out, err)
  tail.text = ''
  err.on('data', (text) => tail.add(String(text)))
  for (const event of ['end', 'close', 'error']) stream.on(event, () => out.end())
  const lines = createInterface({ input: out, crlfDelay: Number.POSITIVE_INFINITY })
  let closed = false
  const close = () => {
    closed = true
    lines.close()
    stream.destroy()
  }
  const over = new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      // What is buffered comes nevertheless.
      if (closed) return
      try {
        take(line)
      } catch (error) {
        reject(error)
        close()
      }
    })
    lines.on('close', resolve)
  })
  // Whoever closes it need not wait for it.
  over.catch(() => {})
  return { over, close }
}
