import { command } from './cli/command.ts'
import { checkShell, requestOf, SHELL } from './cli/options/shell.ts'

await command(
  SHELL,
  async ({ values, signal }) => {
    // Only now: help and mistakes need none of it.
    const { openShell } = await import('./shell/open.ts')
    const { layOutShell } = await import('./shell/root.ts')
    const request = requestOf(values)
    return values.root === undefined
      ? openShell(request, values, signal)
      : layOutShell(request, values.root, values, signal)
  },
  checkShell,
)
