import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const list = (args: string[], columns = '') =>
  spawnSync(process.execPath, ['--import', 'tsx', 'lab/list.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: columns },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })

for (const width of [60, 80, 120, 200])
  test(`the lists fit into ${width} columns, and nothing is cut off`, () => {
    const { status, stdout } = list(['--offline'], String(width))
    assert.is(status, 0)
    for (const line of stdout.split('\n')) assert.ok(line.length <= width, line)
    assert.not.match(stdout, '…')
    for (const word of ['2.6.32', 'trixie-backports', 'host', 'fd-passing', 'no-reload']) assert.match(stdout, word)
  })

test('without a list the cases and the kernels are told on two screens, and how to see the rest', () => {
  const lines = list(['--offline'], '120').stdout.split('\n')
  assert.ok(lines.length <= 80, `${lines.length} lines`)
  assert.ok(lines.some((line) => /^6\.1, bookworm .* 10 of 10$/.test(line)))
  assert.ok(lines.some((line) => /^4\.9, stretch .* \d of 10$/.test(line)))
  assert.not.match(lines.join('\n'), 'threads-by-thread-migration')
  for (const word of ['variants', 'cases', 'kernels']) assert.match(lines.join(' '), `npx tsx lab/list.ts ${word}`)
  const { stdout } = list(['--offline', '--json'])
  assert.equal(Object.keys(JSON.parse(stdout)), ['kernels', 'cases', 'variants'])
})

test('kernels have their packages, and cases that cannot run are named by the reason', () => {
  const said = list(['kernels', '--offline'], '200').stdout
  assert.match(said.replaceAll(/[│\s]+/g, ' '), 'linux-image-5.10')
  assert.is(said.match(/needs HAProxy 1\.8/g)?.length ?? 0, said.match(/^│ (3\.9|3\.16|4\.9) /gm)!.length)
})

test('what theory expects comes with its conditions', () => {
  const lines = list(['cases'], '200').stdout.split('\n')
  /** The third column of a case, which may be several lines. */
  const expected = (name: string) => {
    const from = lines.slice(lines.findIndex((line) => line.startsWith(`│ ${name} `)))
    const rows = from.slice(
      0,
      from.findIndex((line) => !line.startsWith('│')),
    )
    return rows.map((line) => line.split('│')[3]!.trim()).join(' ')
  }
  assert.is(expected('none'), 'without reuseport: some resets, some refused else: some resets')
  assert.is(expected('syn-delay'), 'Linux 4.4 or later: fewer resets else: fewer resets')
})

test('as JSON, each list by its name', () => {
  const found = JSON.parse(list(['cases', '--json']).stdout)
  assert.equal(Object.keys(found), ['cases', 'variants'])
  const listed = (list: { name: string }[]) =>
    ['fd-passing', 'shards'].map((one) => list.some(({ name }) => name === one))
  assert.equal([found.cases, found.variants].map(listed), [
    [true, false],
    [false, true],
  ])
})

test('variants have a list of their own, which that of the cases names', () => {
  const has = (text: string) => ['no-reload', 'threads-by-thread-migration'].map((name) => text.includes(`│ ${name} `))
  const { stdout } = list(['cases'], '200')
  assert.equal(has(stdout), [true, false])
  assert.match(stdout, "Variants run only if they are named, not by '*': npx tsx lab/list.ts variants")
  assert.equal(has(list(['variants'], '200').stdout), [false, true])
  const { variants } = JSON.parse(list(['variants', '--json']).stdout)
  assert.equal(variants, JSON.parse(list(['cases', '--json']).stdout).variants)
})

test('experiments have a list of their own, which fits into narrow terminals', () => {
  const { experiments } = JSON.parse(list(['experiments', '--json']).stdout)
  assert.ok(experiments.some(({ name }: { name: string }) => name === 'load-sweep'))
  const { stdout } = list(['experiments'], '80')
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line)
  for (const { name } of experiments) assert.match(stdout, `│ ${name} `)
  assert.match(stdout.replaceAll(/[│\s]+/g, ' '), '24 cells')
})

test('the committed JSON Schema of results is that of the code', () => {
  const schema = readFileSync('reports/result.schema.json', 'utf8')
  assert.is(list(['schema']).stdout, schema, 'npx tsx lab/list.ts schema > reports/result.schema.json')
  const [failed, measured] = JSON.parse(schema).properties.cells.items.oneOf
  assert.is(failed.properties.verdict.const, 'failed')
  for (const field of ['resets', 'exposed', 'capped', 'limitedBy', 'resetsByReload'])
    assert.ok(measured.required.includes(field), field)
})

test('what is no list or no option: exit 2, with what is near', () => {
  const { status, stderr, stdout } = list(['kernles', '--jsn'])
  assert.is(status, 2)
  assert.match(
    stderr,
    'kernles: no such list (did you mean kernels?); choose from kernels, cases, variants, experiments, config, schema',
  )
  assert.match(stderr, '--jsn: no such option (did you mean --json?)')
  assert.match(stderr, 'try: npx tsx lab/list.ts --help')
  assert.is(stdout, '')
})

test('--help shows examples', () => {
  const { status, stdout } = list(['--help'])
  assert.is(status, 0)
  assert.match(stdout, 'npx tsx lab/list.ts config > lab.config')
})

test.run()
