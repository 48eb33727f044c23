import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured, type Result } from '../../model/result.ts'
import { merge } from '../facts/groups/merge.ts'
import { loadMap, twoLoads, twoProxies } from '../fixtures/loads.ts'
import { manyKernels, oneKernel, SIX, twoKernels } from '../fixtures/results.ts'
import { renderMail } from './report.ts'

const mail = (result: Result) => renderMail(result, [result])

/** Of a kernel's own banner and of commands single words may be longer. */
const tooLong = (text: string) => text.split('\n').filter((line) => line.length > 72 && line.trim().includes(' '))

test('plain ASCII in lines of at most 72 columns, whatever the result', () => {
  for (const result of [oneKernel(), twoKernels(), manyKernels(), twoLoads(), twoProxies(), loadMap()]) {
    const text = mail(result)
    assert.equal(tooLong(text), [])
    assert.not.match(text, /[^\n\x20-\x7e]/)
    assert.match(text, /^Subject: \S/)
  }
})

test('the finding, the numbers, the causes, the doubts, and all that it takes to repeat them, in this order', () => {
  const result = twoKernels()
  const text = mail({ ...result, argv: ['lab/run.ts', '--kernel', '6.1', '--case', "a 'b'", '--out', '/x'] })
  const places = [
    'Subject: ',
    'without a mitigation',
    ' 95 %',
    'What reset them',
    'Not as expected',
    'Kernels:',
    'Proxies:',
    'Loads:',
    'Lab:',
    'Hosts:',
    'To run it again:',
  ].map((part) => text.indexOf(part))
  assert.equal(
    places,
    places.toSorted((a, b) => a - b),
  )
  assert.ok(places[0] === 0 && places.every((place) => place >= 0))
  assert.match(text, /limited by: \w/)
  assert.match(text, "npx tsx lab/run.ts --kernel 6.1 --case 'a '\\''b'\\'''")
  assert.not.match(text, '--out')
})

test('each number stands in its row; a cell that failed has none', () => {
  const result = oneKernel()
  const lines = mail(result).split('\n')
  for (const cell of result.cells) {
    const row = lines.find((line) => line.startsWith(`${cell.case} `))!
    if (isMeasured(cell)) assert.match(row, new RegExp(`^${cell.case} +[\\d.?^~-]+`))
    else assert.match(row, /failed/)
  }
})

test('exact versions: the kernel as it tells itself, the proxy with its source, each with what proves it', () => {
  const result = {
    ...oneKernel(),
    sources: { 'haproxy 2.6.12': '2.6.12-1+deb12u3' },
    lab: { version: '9', commit: 'abc' },
  }
  const text = mail(result)
  assert.match(text, 'haproxy 2.6.12 (Debian 2.6.12-1+deb12u3), maxaccept')
  assert.match(text, 'hitless 9, commit abc')
  const [cell] = result.cells
  assert.match(text, (cell!.kernelVersion ?? SIX.kernel).slice(0, 20))
})

test('of several runs, the change against the first with its p, and the command of each', () => {
  const runs = ['before', 'after'].map((label) => ({ label, root: label, result: oneKernel() }))
  runs[1]!.result.argv = ['lab/run.ts', '--kernel', './bzImage']
  const { result, labels } = merge('compare', ['lab/compare.ts'], runs as [(typeof runs)[0], (typeof runs)[0]])
  const text = renderMail(
    result,
    runs.map(({ result: { argv, lab, host } }) => ({ argv, lab, host })),
    labels,
  )
  assert.match(text, /vs\n.*before/)
  assert.match(text, 'same')
  assert.match(text, 'To run it again, each run on its own:')
  for (const command of ['npx tsx lab/run.ts --kernel 6.1', 'npx tsx lab/run.ts --kernel ./bzImage'])
    assert.match(text, command)
  assert.equal(tooLong(text), [])
})

test.run()
