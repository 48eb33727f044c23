import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { renderTerminal } from '../../render/terminal/report.ts'
import { referenceRun } from '../reference.ts'

// What the README shows of a run is what the run shows.

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')

test('every line of output in the README is one of the committed run that it names', () => {
  const [, run] = README.match(/From \[a committed run\]\(reports\/reference\/([^/]+)\/report\.md\)/) ?? []
  assert.ok(run, 'the README names no run')
  const printed = renderTerminal(referenceRun(run), false).split('\n')
  // Commands have a language, output has none.
  const blocks = [...README.matchAll(/^```(\w*)\n(.*?)^```$/gms)].filter(([, language]) => language === '')
  const shown = blocks.flatMap(([, , text]) => text!.split('\n').filter(Boolean))
  assert.ok(shown.length > 10, `${shown.length} lines`)
  for (const line of shown) assert.ok(printed.includes(line), line)
})

test.run()
