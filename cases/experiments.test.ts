import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Experiment } from '../lab/model/experiment.ts'
import { readAs } from '../lab/model/text/mistakes.ts'
import { allExperiments, type ExperimentFile, NoExperiment, selectExperiments } from './experiments.ts'
import { selectCases } from './load.ts'

const names = async (...patterns: string[]) => (await selectExperiments(patterns)).map(({ name }) => name)

test('names and globs, each once, in the order in which they are named', async () => {
  assert.equal(await names('same-cpu', 'fused-ack*', 'fused-ack'), ['same-cpu', 'fused-ack', 'fused-ack-rst'])
  assert.is((await selectExperiments(['*'])).length, (await allExperiments()).length)
})

test('all that is no experiment is told, with what is near', async () => {
  try {
    await selectExperiments(['same-cpus', 'fused-ack', 'nothing'])
    assert.unreachable()
  } catch (error) {
    assert.instance(error, NoExperiment)
    const expected = 'expected one of npx tsx lab/list.ts experiments'
    assert.equal((error as NoExperiment).mistakes, [
      `--experiment same-cpus: no such experiment (did you mean same-cpu?); ${expected}`,
      `--experiment nothing: no such experiment; ${expected}`,
    ])
  }
})

test('every case of every experiment exists', async () => {
  const cases = (await allExperiments()).flatMap(({ rows }) => rows.flatMap((row) => row.cases))
  await selectCases([...new Set(cases)])
})

test('each line has what it is compared with in the same experiment, under the same load', async () => {
  for (const { name, rows } of await allExperiments()) {
    const settingOf = ({ label, cases, printed, ...setting }: (typeof rows)[number]) => JSON.stringify(setting)
    for (const row of rows)
      for (const { network, against } of await selectCases(row.cases))
        for (const control of [network === 'veth' ? 'none-veth' : 'none', ...(against === undefined ? [] : [against])])
          assert.ok(
            rows.some((other) => other.cases.includes(control) && settingOf(other) === settingOf(row)),
            `${name}: ${row.label}: ${control}`,
          )
  }
})

test('no two rows of an experiment have one label', async () => {
  for (const { name, rows } of await allExperiments()) {
    const labels = rows.map(({ label }) => label)
    assert.equal(
      labels.filter((label, i) => labels.indexOf(label) < i),
      [],
      name,
    )
  }
})

const FILE: ExperimentFile = {
  name: 'mine',
  title: 'Mine',
  question: 'Why?',
  source: 'the lab',
  proxies: { first: ['haproxy'] },
  boots: 1,
  duration: 1,
  interval: 100,
  columns: ['errs'],
  rows: [{ label: 'plain', cases: ['none'], users: [80] }],
}
const [ROW] = FILE.rows as [ExperimentFile['rows'][number]]
const mistakes = (change: Record<string, unknown>) => readAs(Experiment, { ...FILE, ...change }).mistakes ?? []

test('what is wrong with a file is told by its fields', () => {
  assert.equal(mistakes({}), [])
  assert.match(mistakes({ question: 'So it is.' })[0]!, 'question "So it is.": expected a question')
  assert.match(mistakes({ columns: ['ers'] })[0]!, 'columns.0 "ers": expected hits')
  assert.match(mistakes({ rows: [{ ...ROW, shares: [0.5] }] })[0]!, 'rows.0: expected one of users, rates and shares')
  assert.match(
    mistakes({ rows: [{ ...ROW, users: undefined }] })[0]!,
    'rows.0: expected one of users, rates and shares',
  )
  assert.match(
    mistakes({ rows: [{ ...ROW, banner: true, keepAlive: 20 }] })[0]!,
    'rows.0: expected one of shares, which are of a capacity in requests, banner and keepAlive',
  )
  assert.match(mistakes({ rows: [{ ...ROW, printed: { hits: 1 } }] })[0]!, 'expected each column of `printed` among')
  assert.match(mistakes({ rows: [{ ...ROW, shares: [2], users: undefined }] })[0]!, 'rows.0.shares.0 2: expected')
})

test.run()
