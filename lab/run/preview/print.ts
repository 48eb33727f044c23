import type { RunOptions } from '../../cli/options/run.ts'
import { EXIT } from '../../model/fault.ts'
import { columnsOf } from '../../render/terminal/fit.ts'
import { previewed } from './preview.ts'
import { previewText } from './text.ts'

/** Prints what a command line comes to, as text or JSON. @returns the exit status */
export async function printPreview(options: RunOptions, signal: AbortSignal): Promise<number> {
  const found = await previewed(options, signal)
  const text = options.json
    ? `${JSON.stringify(found.preview, null, 2)}\n`
    : previewText(found, options, columnsOf(process.stdout))
  process.stdout.write(text)
  return EXIT.expected
}
