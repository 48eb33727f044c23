import { spawnSync } from 'node:child_process'
import { ReadStream, type WriteStream } from 'node:tty'

/** Where somebody uses a shell: this process's own streams. */
export interface Screen {
  stdin: NodeJS.ReadStream
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
}

/** What a terminal has that does not tell. */
const USUAL = { rows: 24, columns: 80 }

/** Whether somebody types, and the shell has a terminal of its own; else its commands come from a file or a pipe. */
export const isInteractive = ({ stdin }: Pick<Screen, 'stdin'>): boolean => stdin.isTTY === true

/** Rows and columns of the terminal on which the output appears. */
export function sizeOf({ stdout, stderr }: Pick<Screen, 'stdout' | 'stderr'>): { rows: number; columns: number } {
  const shown: WriteStream | undefined = [stdout, stderr].find(({ isTTY }) => isTTY)
  return { rows: shown?.rows || USUAL.rows, columns: shown?.columns || USUAL.columns }
}

/**
 * Hands every key to the guest, Ctrl-C among them, instead of to this process.
 *
 * @returns what gives the terminal back as it was
 */
export function takeKeys(stdin: NodeJS.ReadStream): () => void {
  if (!(stdin instanceof ReadStream)) return () => {}
  stdin.setRawMode(true)
  // Node leaves the terminal what it does with output; the guest's has done that already.
  spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] })
  return () => stdin.setRawMode(false)
}
