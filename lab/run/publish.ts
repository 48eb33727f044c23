import { relative } from 'node:path'
import type { Result } from '../model/result.ts'
import { columnsOf } from '../render/terminal/fit.ts'
import { saveFiles } from '../saved/files.ts'

/**
 * Prints a result on stdout, as a table and charts or as JSON, and saves it with its reports.
 *
 * @param folder where it is saved; it exists
 * @param labels the name of each cell's run, when they come from several
 * @throws a Fault (exit 4) when the disk does not take it; it is on the terminal by then
 */
export async function publish(result: Result, folder: string, json: boolean, labels?: string[]): Promise<void> {
  // Only now: the renderers take a moment to load, which a guest need not wait for.
  const [{ renderTerminal }, { renderMarkdown }, { renderHtml }] = await Promise.all([
    import('../render/terminal/report.ts'),
    import('../render/markdown/report.ts'),
    import('../render/html/report.ts'),
  ])
  const text = `${JSON.stringify(result, null, 2)}\n`
  const colour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR
  process.stdout.write(json ? text : renderTerminal(result, colour, labels, columnsOf(process.stdout)))
  saveFiles(folder, {
    'result.json': text,
    'report.md': renderMarkdown(result, labels),
    'report.html': await renderHtml(result, labels),
  })
  process.stderr.write(`saved: ${relative(process.cwd(), folder) || '.'}/report.html\n`)
}
