import { readFileSync } from 'node:fs'
import { chown } from 'node:fs/promises'

/** nobody, on every distribution. */
const NOBODY = 65534

/** CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_SETGID and CAP_SETUID: linux/capability.h. */
const NEEDED = [0, 1, 6, 7].reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n)

/** Whether this process can become nobody: not as another user, nor as the root of a container that took that away. */
function canStepDown(): boolean {
  if (process.getuid!() !== 0) return false
  const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return (BigInt(`0x${capabilities}`) & NEEDED) === NEEDED && ['uid_map', 'gid_map'].every(hasNobody)
}

/** Whether nobody is one of those whom this user namespace has. A line of a map is: the first inside, outside, how many. */
const hasNobody = (map: string) =>
  readFileSync(`/proc/self/${map}`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .some(([first, , count]) => first! <= NOBODY && NOBODY < first! + count!)

/**
 * What goes before a command that reads what strangers made: root's runs as nobody, and can become nobody else. Whoever
 * cannot step down runs it as it is.
 */
export const unprivileged = (): string[] =>
  canStepDown() ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs', '--'] : []

/** Gives a folder to whom {@link unprivileged} runs commands as. The folders above it may stay closed to that user. */
export const handOver = async (folder: string): Promise<void> => {
  if (canStepDown()) await chown(folder, NOBODY, NOBODY)
}
