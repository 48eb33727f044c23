import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isMeasured } from '../model/result.ts'
import { accountHolds, bootsWith, lab, newRun, start } from './harness.ts'

// Experiments end to end, on the running kernel: measured, broken and finished, and read back.

const WORDS = ['Proxy and load on one CPU', 'As the article prints it', '467,456', '43,420', 'What happened']

const compare = (run: string, out: string) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'lab/compare.ts', run, '--out', out], {
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })

const ran = await lab([
  '--kernel',
  'host',
  '--experiment',
  'separate-cpus,same-cpu',
  '--haproxy',
  '2.6',
  '--duration',
  '1',
])

test('the cells of two experiments, those that both have only once, with the proxy of the command line', () => {
  const { cells, experiments } = ran.result()
  assert.equal(
    cells.map((cell) => [cell.case, cell.load.users, cell.proxy.maxaccept]),
    ['none', 'no-reload', 'same-cpu', 'same-cpu-maxaccept-4'].map((name) => [name, 80, 64]),
  )
  for (const cell of cells.filter(isMeasured)) accountHolds(cell)
  const folders = (name: string) => cells.filter((cell) => cell.case === name).map(({ folder }) => folder)
  assert.equal(
    experiments.map(({ name, rows }) => [name, rows.map((row) => row.cells)]),
    [
      ['separate-cpus', ['none', 'no-reload'].map(folders)],
      ['same-cpu', ['none', 'same-cpu', 'same-cpu-maxaccept-4'].map(folders)],
    ],
  )
  for (const report of [
    ran.stdout,
    ...['report.md', 'report.html'].map((file) => readFileSync(join(ran.out, file), 'utf8')),
  ])
    for (const words of WORDS) assert.ok(report.includes(words), words)
})

test('what is missing of it is run, and its tables are made again', async () => {
  const before = ran.result()
  const missing = bootsWith(ran.out, 'outcome.json').find((boot) => boot.includes('no-reload'))!
  rmSync(join(ran.out, missing), { recursive: true })
  rmSync(join(ran.out, 'result.json'))
  const resumed = await start(['--resume', ran.out]).ended
  assert.match(resumed.stderr, /3 of 4 boots had ended, 1 to run/)
  assert.equal(ran.result().experiments, before.experiments)
  for (const words of WORDS) assert.ok(resumed.stdout.includes(words), words)
})

test('a saved run shows them, and one that says otherwise than its plan is not believed', () => {
  const out = newRun()
  const { stdout, stderr } = compare(ran.out, out)
  for (const words of WORDS) assert.ok(stdout.includes(words), `${words}\n${stderr}`)
  const file = join(ran.out, 'result.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace('467456', '467457'))
  const refused = compare(ran.out, newRun())
  assert.is(refused.status, 2)
  assert.match(refused.stderr, 'experiments: what they ask, print and consist of is not what its plan.json says')
})

test.run()
