import type { RunOptions } from '../../cli/options/run.ts'
import { EXIT, Fault } from '../../model/fault.ts'
import { requireKnownMachines } from '../../prepare/kernels.ts'
import { columnsOf } from '../../render/terminal/fit.ts'
import { previewed } from './preview.ts'
import { previewText } from './text.ts'

/** Prints what a command line comes to, as text or JSON. @returns the exit status @throws as {@link previewed} */
export async function printPreview(options: RunOptions, signal: AbortSignal): Promise<number> {
  await refuseUnknownMachines(options.request.kernels)
  const found = await previewed(options, signal)
  const text = options.json
    ? `${JSON.stringify(found.preview, null, 2)}\n`
    : previewText(found, options, columnsOf(process.stdout))
  process.stdout.write(text)
  return EXIT.expected
}

/** A name of no machine is a mistake wherever Vagrant can tell. A plan may be made where there is no Vagrant. */
async function refuseUnknownMachines(specs: string[]): Promise<void> {
  try {
    await requireKnownMachines(specs)
  } catch (error) {
    if (!(error instanceof Fault && error.exit === EXIT.notReady)) throw error
  }
}
