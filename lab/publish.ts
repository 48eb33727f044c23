import { relative } from 'node:path'
import { makeFolder, saveFiles } from './engine/save.ts'
import type { Result } from './measure/result.ts'

/**
 * Prints a result on stdout, as a table and charts or as JSON, and saves it with its reports.
 *
 * @param labels the name of each cell's run, when they come from several
 * @throws a Fault (exit 4) when the disk does not take it; it is on the terminal by then
 */
export async function publish(result: Result, folder: string, json: boolean, labels?: string[]): Promise<void> {
  // Only now: the renderers take a moment to load, which a guest need not wait for.
  const [{ renderTerminal }, { renderMarkdown }, { renderHtml }] = await Promise.all([
    import('./render/terminal.ts'),
    import('./render/markdown.ts'),
    import('./render/html.ts'),
  ])
  const text = `${JSON.stringify(result, null, 2)}\n`
  const colour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR
  process.stdout.write(json ? text : renderTerminal(result, colour, labels, process.stdout.columns))
  makeFolder(folder)
  saveFiles(folder, {
    'result.json': text,
    'report.md': renderMarkdown(result, labels),
    'report.html': await renderHtml(result, labels),
  })
  process.stderr.write(`saved: ${relative(process.cwd(), folder) || '.'}/report.html\n`)
}
