import { plain } from './text/plain.ts'

/** Exit statuses of every command, as lab/README.md states them. */
export const EXIT = { expected: 0, contradicts: 1, usage: 2, notReady: 3, failed: 4, interrupted: 130 } as const

/**
 * An error that a user can act on: what went wrong, and the next thing to type.
 * Anything thrown that is not a Fault is a defect of the lab and keeps its stack.
 */
export class Fault extends Error {
  override name = 'Fault'
  readonly hint: string | undefined

  /**
   * @param message names the option or thing, the value found and what was expected
   * @param exit the exit status it stands for, one of {@link EXIT}
   * @param hint the command to type next, or what to look at
   */
  constructor(
    message: string,
    readonly exit: number,
    hint?: string,
  ) {
    super(plain(message))
    this.hint = hint && plain(hint)
  }
}

/** A usage error (exit 2). */
export const usage = (message: string, hint?: string) => new Fault(message, EXIT.usage, hint)

/** The host is not ready, or something cannot be obtained (exit 3). */
export const notReady = (message: string, hint?: string) => new Fault(message, EXIT.notReady, hint)
