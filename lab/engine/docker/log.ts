import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
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

/**
 * Reads a container's log from its first line until the container ends or the connection breaks.
 *
 * @param take is given the lines of stdout; what it throws ends the reading
 */
export async function readLog(
  docker: Docker,
  container: Docker.Container,
  take: (line: string) => void,
  tail: Tail,
): Promise<void> {
  const stream = await container.logs({ follow: true, stdout: true, stderr: true })
  const [out, err] = [new PassThrough(), new PassThrough()]
  docker.modem.demuxStream(stream, out, err)
  tail.text = ''
  err.on('data', (text) => tail.add(String(text)))
  // A connection that breaks is an end, too: whether the container has ended, the daemon says.
  for (const event of ['end', 'close', 'error']) stream.on(event, () => out.end())
  const lines = createInterface({ input: out, crlfDelay: Number.POSITIVE_INFINITY })
  try {
    await new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => {
        try {
          take(line)
        } catch (error) {
          reject(error)
        }
      })
      lines.on('close', resolve)
    })
  } finally {
    lines.close()
    ;(stream as unknown as NodeJS.ReadableStream & { destroy: () => void }).destroy()
  }
}
