import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT } from '../../model/fault.ts'
import type { Result } from '../../model/result.ts'
import { copyRun } from '../../saved/reference.ts'
import { injected } from './faults.ts'
import { type End, halfWritten, judge } from './judge.ts'
import { FAULTS } from './kinds.ts'
import { leftSince, look, scratchIn } from './leftovers.ts'
import { tableOf } from './table.ts'

const folder = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const faults = suite('faults in whole runs')

faults('a lab that is killed claims nothing, its run is whole after --resume, and nothing is left', async () => {
  const fault = FAULTS.find(({ name }) => name === 'lab-killed')!
  // Times and sizes as they are without a fault: what matters is that it comes in the middle.
  const done = await injected(fault, 'host', 0.5, { seconds: 6, streamBytes: 1 }, folder, ['none'])
  assert.ok(done, 'the run had not ended by then')
  const { said, at, ...rest } = done
  assert.equal(rest, {
    fault: 'lab-killed',
    kernel: 'host',
    status: null,
    next: EXIT.expected,
    wrong: [],
    rude: [],
    left: [],
  })
  assert.match(
    tableOf([done], FAULTS, 1),
    /^\| `lab-killed` .* \| host \| 1 \| 3\.0 to 3\.0 \| killed \| 0 \| 0 \| 0 \| 0 \|$/m,
  )
})

const quiet: End = { status: EXIT.expected, stderr: '' }
/** What the judge says of a committed run after a change. */
async function judged(how: (result: Result) => void, end = quiet) {
  const run = join(folder, 'judged')
  rmSync(run, { recursive: true, force: true })
  const result = copyRun('migration-traced', run)
  const { length } = result.cells
  how(result)
  writeFileSync(join(run, 'result.json'), JSON.stringify(result))
  const { wrong, rude } = await judge(run, length, end)
  return [...wrong, ...rude].join('\n')
}

faults(
  'the judge catches a zero that is none, a number that is not its events’, and a success with a cell missing',
  async () => {
    assert.is(await judged(() => {}), '')
    assert.match(
      await judged(({ cells }) => Object.assign(cells[0]!, { case: 'none', resets: 0, verdict: 'expected' })),
      /: a wrong zero$/m,
    )
    assert.match(await judged(({ cells }) => Object.assign(cells[0]!, { resets: 1 })), /: resets 1: its events say \d+/)
    assert.match(await judged(({ cells }) => void cells.pop()), /exit status 0, and 1 of 4 cells are missing/)
    assert.match(await judged(({ cells }) => Object.assign(cells[0]!, { seed: 'half' })), /result\.json: .*seed/)
  },
)

faults('the judge catches stack traces, statuses that mean nothing, and files that nobody finished', async () => {
  const trace = 'TypeError: no\n    at one (/lab/a.ts:1:2)\n'
  assert.match(await judged(() => {}, { ...quiet, stderr: trace }), 'a stack trace: at one (/lab/a.ts:1:2)')
  assert.match(await judged(() => {}, { ...quiet, status: null }), 'exit status null')
  assert.match(await judged(() => {}, { ...quiet, status: 7 }), 'exit status 7')
  writeFileSync(join(folder, 'judged', 'result.json.new'), '')
  assert.equal(halfWritten(join(folder, 'judged')), ['result.json.new'])
})

faults('processes and scratch folders that are left are found', async () => {
  const before = look()
  copyFileSync('/bin/sleep', join(folder, 'haproxy'))
  const left = spawn(join(folder, 'haproxy'), ['60'], { stdio: 'ignore' })
  // Its name is that of the file once it has become that program.
  while (readFileSync(`/proc/${left.pid}/comm`, 'utf8').trim() !== 'haproxy') await new Promise(setImmediate)
  assert.equal(leftSince(before), [`processes: haproxy (${left.pid})`])
  left.kill('SIGKILL')
  mkdirSync(join(folder, 'hitless', 'scratch-0', '7-abc'), { recursive: true })
  assert.equal(scratchIn(folder), ['scratch: 7-abc'])
})

faults.run()
