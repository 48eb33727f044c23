import { command } from './cli/command.ts'
import { checkShell, requestOf, SHELL } from './cli/options/shell.ts'

await command(
  SHELL,
  async ({ values, signal }) => {
    // Only now: help and mistakes need none of it.
    const { openShell } = await import('./shell/open.ts')
    return openShell(requestOf(values), values, signal)
  },
  checkShell,
)
