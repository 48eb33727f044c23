import { EXIT, Fault } from '../model/fault.ts'
import { printable } from '../model/text/plain.ts'
import { endChildren } from './children.ts'
import { refuseForeignTransforms } from './transforms.ts'

/**
 * Runs a command: prints what went wrong in words, sets the exit status, and answers Ctrl-C and SIGTERM by aborting
 * `signal` once; then everything that is under way unwinds and cleans up after itself.
 *
 * @param run returns the exit status
 */
export async function main(run: (argv: string[], signal: AbortSignal) => Promise<number>): Promise<void> {
  const interrupt = new AbortController()
  const stop = async () => {
    if (interrupt.signal.aborted) return
    interrupt.abort(new Error('interrupted'))
    await endChildren()
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop)
  guardTerminal()
  watchStreams()
  try {
    refuseForeignTransforms()
    process.exitCode = await run(process.argv.slice(2), interrupt.signal)
  } catch (error) {
    process.exitCode = interrupt.signal.aborted ? EXIT.interrupted : report(error)
  } finally {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(name, stop)
  }
}

/**
 * Text reaches a terminal only as {@link printable} makes it, whatever it quotes. What a shell in a guest says are bytes,
 * not text: whoever opens one wants them as they are.
 */
function guardTerminal() {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (chunk: unknown, ...more: unknown[]) => boolean
    const draws = stream === process.stderr && stream.isTTY
    stream.write = (chunk: unknown, ...more: unknown[]) =>
      write(typeof chunk === 'string' ? printable(chunk, draws) : chunk, ...more)
  }
}

/**
 * A reader that leaves early (`| head`, `2>&1 | head`) is no error: the work goes on, is saved and keeps its exit
 * status. A result that cannot be written for another reason, such as a full disk, is one.
 */
function watchStreams() {
  let lost: Error | undefined
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') lost ??= error
  })
  // Nobody is left to be told.
  process.stderr.on('error', () => {})
  process.on('exit', () => {
    if (!lost) return
    process.exitCode = EXIT.failed
    process.stderr.write(`hitless: the result could not be written to stdout: ${lost.message}\n`)
  })
}

function report(error: unknown): number {
  if (!(error instanceof Fault)) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    return EXIT.failed
  }
  const lines = error.message.split('\n').map((line) => `hitless: ${line}\n`)
  process.stderr.write(`${lines.join('')}${error.hint ? `try: ${error.hint}\n` : ''}`)
  return error.exit
}
