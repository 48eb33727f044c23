import { isAbsolute, join, relative } from 'node:path'
import { claimsOf } from '../../cases/claims.ts'
import type { Result } from '../model/result.ts'
import type { Made } from '../render/mail/report.ts'
import { columnsOf } from '../render/terminal/fit.ts'
import { saveFiles } from '../saved/files.ts'

/** How a result is printed: as JSON, as a mail, or else as tables and charts. */
interface Printed {
  json: boolean
  /** The folder as it was typed, if it was. */
  out?: string
  format?: 'tables' | 'mail'
}

/** The runs that a comparison was made from. */
interface Compared {
  /** The name of each cell's run, when they come from several. */
  labels?: string[]
  made: Made[]
}

/**
 * Prints a result on stdout, and saves it with its reports, beside the claims that its experiments test. Where GitHub runs it, its job gets a summary.
 *
 * @param folder where it is saved; it exists
 * @throws a Fault (exit 4) when the disk does not take it; it is on the terminal by then
 */
export async function publish(
  counted: Result,
  folder: string,
  printed: Printed,
  { labels, made }: Compared = { made: [counted] },
): Promise<void> {
  // Only now: the renderers take a moment to load, which a guest need not wait for.
  const [{ renderMarkdown }, { renderHtml }, { renderJunit }] = await Promise.all([
    import('../render/markdown/report.ts'),
    import('../render/html/report.ts'),
    import('../render/junit/report.ts'),
  ])
  // What this version of the lab knows of, not what a saved run did.
  const claims = claimsOf(counted.experiments)
  const result = { ...counted, ...(claims.length > 0 && { claims }) }
  const json = `${JSON.stringify(result, null, 2)}\n`
  process.stdout.write(printed.json ? json : await textOf(result, printed, { labels, made }))
  saveFiles(folder, {
    'result.json': json,
    'report.md': renderMarkdown(result, labels),
    'report.html': await renderHtml(result, labels),
    'junit.xml': renderJunit(result, labels),
  })
  const saved = join(folder, 'report.html')
  const report = printed.out !== undefined && isAbsolute(printed.out) ? saved : relative(process.cwd(), saved)
  if (process.env.GITHUB_STEP_SUMMARY) await summarize(result, report, labels)
  process.stderr.write(`saved: ${report}\n`)
}

async function textOf(result: Result, { format }: Printed, { labels, made }: Compared): Promise<string> {
  if (format === 'mail') return (await import('../render/mail/report.ts')).renderMail(result, made, labels)
  const { renderTerminal } = await import('../render/terminal/report.ts')
  const colour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR
  return renderTerminal(result, colour, labels, columnsOf(process.stdout))
}

/** Adds a result to the summary of the job that GitHub runs, which it shows on the job's page. */
async function summarize(result: Result, report: string, labels?: string[]) {
  const [{ summary }, { renderSummary }] = await Promise.all([
    import('@actions/core'),
    import('../render/markdown/summary.ts'),
  ])
  try {
    await summary.addRaw(renderSummary(result, report, labels), true).write()
  } catch (error) {
    process.stderr.write(`note: no job summary was written: ${(error as Error).message}\n`)
  }
}
