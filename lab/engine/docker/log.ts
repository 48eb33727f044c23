import { createInterface } from 'node:readline'
import { PassThrough, type Readable } from 'node:stream'
import type Docker from 'dockerode'

/** Characters of stderr that are kept. */
const KEPT = 4000

/** What a container has said on stderr, its end. */
export class Tail {
  text = ''

  add(text: string) {
    this.text = (this.text + text).slice(-KEPT)
  }
}

/** The log of a container or task while it is followed. */
export interface Log {
  /** Resolves when nothing more comes over this connection; rejects with what `take` threw. */
  over: Promise<void>
  close: () => void
}

/**
 * Takes the stream of a log apart, as its daemon sends it.
 *
 * @param take is given the lines of stdout; what it throws ends the reading
 * @param tail gets what was said on stderr
 */
export function follow(docker: Docker, stream: Readable, take: (line: string) => void, tail: Tail): Log {
  const [out, err] = [new PassThrough(), new PassThrough()]
  docker.modem.demuxStream(stream, out, err)
  tail.text = ''
  err.on('data', (text) => tail.add(String(text)))
  // A connection that breaks is an end, too: whether the container has ended, the daemon says.
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

/**
 * Reads a container's log from its first line until the container ends or the connection breaks.
 *
 * @throws what `take` throws
 */
export async function readLog(
  docker: Docker,
  container: Docker.Container,
  take: (line: string) => void,
  tail: Tail,
): Promise<void> {
  const stream = await container.logs({ follow: true, stdout: true, stderr: true })
  const { over, close } = follow(docker, stream as Readable, take, tail)
  await over.finally(close)
}
