import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Fault } from '../../model/fault.ts'
import type { Result } from '../../model/result.ts'
import { ensureBrowser } from '../../prepare/packages.ts'
import { REFERENCE, referenceRun } from '../../saved/reference.ts'
import { merge, type Run, seenFromOutside } from '../facts/groups/merge.ts'
import { figures, leastContrast, links, openBrowser, openPage, widths } from '../fixtures/browser.ts'
import { twoKernels } from '../fixtures/results.ts'
import { renderHtml } from './report.ts'

// Reports as a reader sees them: made anew from committed runs, and from results that are made up, in a real browser.

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

/** A committed run, as seen from the folder of a report. */
const committed = (label: string, folder: string): Run => ({
  label,
  root: relative(folder, join(REFERENCE, label)),
  result: referenceRun(label),
})

/** What a report is made from, given the folder that it is saved in. */
type Source = (folder: string) => { result: Result; labels?: string[] }

const one =
  (label: string): Source =>
  (folder) => ({ result: seenFromOutside(committed(label, folder)) })

const compared =
  (...labels: [string, ...string[]]): Source =>
  (folder) => {
    const [first, ...others] = labels.map((label) => committed(label, folder)) as [Run, ...Run[]]
    return merge('compare', ['lab/compare.ts', ...labels], [first, ...others])
  }

const REPORTS: Record<string, Source> = {
  'migration-traced': one('migration-traced'),
  'both proxies on three kernels': compared('proxies-4.9', 'proxies-6.1', 'proxies-7'),
  'a load map': one('loads'),
  'made-up kernels, with cells that failed and were skipped': () => ({ result: twoKernels() }),
}
const MADE_UP = /^made-up/

/** Why no browser can be had here; null where it is there. */
const lacking = await ensureBrowser({ install: 'always', note: tell, signal: new AbortController().signal }).then(
  () => null,
  (error: unknown) => {
    if (error instanceof Fault) return error.message
    throw error
  },
)
if (lacking) tell(`skipping what needs a browser: ${lacking}`)
const inBrowser = lacking ? test.skip : test

function tell(line: string) {
  process.stderr.write(`${line}\n`)
}

let browser: Browser

test.before(async () => {
  if (!lacking) browser = await openBrowser()
})
test.after(() => browser?.close())

/** Where a report lies, once it is made. */
async function report(name: string): Promise<string> {
  const folder = join(scratch, name)
  const file = join(folder, 'report.html')
  if (existsSync(file)) return file
  mkdirSync(folder)
  const { result, labels } = REPORTS[name]!(folder)
  writeFileSync(file, await renderHtml(result, labels))
  return file
}

/** What is told of a cell that has no bar. */
const NO_BAR = /: (0 resets|0\? resets|failed|no reloads)/

const SCREENS = [1280, 390]
/** The contrast that WCAG 2 asks of text (level AA). */
const LEAST = 4.5

async function isReadable(page: Page, colorScheme: 'light' | 'dark') {
  await page.emulateMedia({ colorScheme })
  for (const width of SCREENS) {
    await page.setViewportSize({ width, height: 900 })
    const { beyond, scrolling } = await widths(page)
    assert.equal(beyond, [], `${colorScheme}, ${width} px`)
    if (width === 1280) assert.equal(scrolling, [], 'every table is seen as a whole')
  }
  const { ratio, of } = await leastContrast(page)
  assert.ok(ratio >= LEAST, `${colorScheme}: contrast ${ratio.toFixed(2)} of ${of}`)
}

for (const name of Object.keys(REPORTS))
  inBrowser(
    `${name}: no error, nothing wider than the page, every figure drawn, every link leads somewhere`,
    async () => {
      const file = await report(name)
      const { page, errors } = await openPage(browser, file)
      for (const scheme of ['light', 'dark'] as const) await isReadable(page, scheme)
      await page.setViewportSize({ width: 1280, height: 900 })
      const drawn = await figures(page)
      assert.ok(drawn.length > 0)
      for (const { title, width, height, marks, spots } of drawn) {
        assert.ok(width > 100 && height > 50, title)
        assert.ok(spots.length > 0, title)
        assert.ok(marks > 0 || spots.every(({ text }) => NO_BAR.test(text)), `${title}: nothing is drawn`)
        for (const { text } of spots) assert.match(text, /\d|failed|no reloads/, title)
        // Points may lie on each other; the last drawn is on top then.
        assert.ok(
          spots.some(({ onTop }) => onTop),
          `${title}: no part can be pointed at`,
        )
      }
      const { addresses, lost } = await links(page)
      assert.equal(lost, [])
      const files = addresses.filter((address) => !address.startsWith('#'))
      for (const address of MADE_UP.test(name) ? [] : files)
        assert.ok(existsSync(decodeURIComponent(new URL(address, `file://${file}`).pathname)), address)
      assert.equal(errors, [])
      await page.close()
    },
  )

test.run()
