import { type Frame, frame, sizeData, WINDOW } from '../guest/shell/frames.ts'
import type { ShellPort } from '../guest/shell/port.ts'
import { isInteractive, type Screen, sizeOf, takeKeys } from './terminal.ts'

/** What a shell ends with, by custom, whose output nobody reads: 128 and the number of SIGPIPE. */
const UNREAD = 141

/**
 * Carries bytes between this process's streams and a guest's shell: {@link connect} takes the stream of each guest that is
 * started, {@link begin} opens the shell in the one that is set up, {@link end} gives the streams back.
 */
export class Session {
  /** The status with which the shell ended; null until it has. */
  status: number | null = null
  readonly interactive: boolean
  #port: ShellPort | undefined
  /** Input that is not sent yet, bytes that may still be, and whether there is no more. */
  #typed: Buffer = Buffer.alloc(0)
  #room = WINDOW
  #over = false
  #undo: (() => void)[] = []

  /** @param fail told when nothing more can come of it: the guest can be ended */
  constructor(
    readonly screen: Screen,
    readonly fail: (error: Error) => void,
  ) {
    this.interactive = isInteractive(screen)
  }

  /** Takes the way to a guest that was started; of an earlier one nothing more is expected. */
  connect(port: ShellPort) {
    this.#port = port
    port.on('frame', (frame) => this.#act(frame))
    port.on('broken', this.fail)
  }

  /** Opens the shell. Before that the guest has no use for what is typed. */
  begin() {
    const { stdin, stdout, stderr } = this.screen
    const size = () => sizeData(sizeOf(this.screen))
    this.#send(frame('S', this.interactive ? size() : undefined))
    if (this.interactive) {
      this.#undo.push(takeKeys(stdin))
      this.#listen(stdout.isTTY ? stdout : stderr, 'resize', () => this.#send(frame('W', size())))
    }
    this.#listen(stdout, 'error', () => {
      this.status ??= UNREAD
      this.fail(new Error('nobody reads the output'))
    })
    this.#listen(stdin, 'data', (bytes: Buffer) => this.#type(bytes))
    for (const ended of ['end', 'error']) this.#listen(stdin, ended, () => this.#type(null))
    stdin.resume()
  }

  /** Gives the streams back; nothing waits for input any more. */
  end() {
    const begun = this.#undo.length > 0
    for (const undo of this.#undo.splice(0).reverse()) undo()
    // The cursor stands behind a prompt.
    if (begun && this.interactive && this.status === null) this.screen.stderr.write('\n')
    this.screen.stdin.destroy()
  }

  #listen(stream: NodeJS.EventEmitter, event: string, listener: (value: Buffer) => void) {
    stream.on(event, listener)
    this.#undo.push(() => stream.off(event, listener))
  }

  #send(bytes: Buffer) {
    this.#port?.send(bytes)
  }

  /** @param bytes null: there is no more */
  #type(bytes: Buffer | null) {
    if (bytes) this.#typed = Buffer.concat([this.#typed, bytes])
    else this.#over = true
    this.#feed()
  }

  /** Sends as much input as may be under way; the rest waits, and what comes behind it waits in the pipe. */
  #feed() {
    const { stdin } = this.screen
    const part = this.#typed.subarray(0, this.#room)
    if (part.length) this.#send(frame('I', part))
    this.#room -= part.length
    this.#typed = this.#typed.subarray(part.length)
    if (this.#typed.length) {
      stdin.pause()
      return
    }
    if (this.#over) this.#send(frame('I'))
    else stdin.resume()
    this.#over = false
  }

  #act({ kind, data }: Frame) {
    const { stdout, stderr } = this.screen
    if (kind === 'O') this.#print(stdout, data)
    if (kind === 'E') this.#print(stderr, data)
    if (kind === 'X') this.status = data[0]!
    if (kind !== 'A') return
    this.#room += data.readUInt16BE(0)
    this.#feed()
  }

  /** The guest waits for whoever reads slowly. */
  #print(stream: NodeJS.WriteStream, data: Buffer) {
    if (stream.write(data)) return
    this.#port?.pause()
    stream.once('drain', () => this.#port?.resume())
  }
}
