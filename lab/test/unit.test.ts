import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Report, runUnitTests } from './unit.ts'

const folder = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Test files, by what is the matter with them. */
const PLANTED: Record<string, string> = {
  good: "test('x', () => {}); test('y', () => {}); test.run()",
  failing: "test('x', () => { throw new Error('planted') }); test('y', () => {}); test.run()",
  'without-tests': '',
  'broken-outside': "test('x', () => {}); test.run(); throw new Error('planted')",
  'ends-the-process': "test('x', () => process.exit(0)); test.run()",
  'never-ends': "test('x', () => new Promise(() => {})); test.run()",
  'before-fails': "test.before(() => { throw new Error('planted before') }); test('x', () => {}); test.run()",
  'after-each-fails':
    "const s = suite('s'); s.after.each(async () => { throw new Error('planted after.each') }); s('x', () => {}); s.run()",
  'boots-a-guest': "test('x', () => { spawnSync('qemu-system-x86_64', ['-nodefaults']) }); test.run()",
  'enters-namespaces': "test('x', () => { spawnSync('unshare', ['--user', 'true']) }); test.run()",
  compiles: "test('x', () => { spawnSync('sh', ['-c', 'musl-gcc x.c']) }); test.run()",
  'asks-a-version': "test('x', () => { spawnSync('qemu-system-x86_64', ['--version']) }); test.run()",
  'totals-on-stderr': "console.error('  Total: 7\\n  Passed: 7'); process.exit(0)",
  'last-of-all': "test('x', () => {}); test.run()",
}

let reports: Report[]
let printed = ''

test.before(async () => {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const files = Object.entries(PLANTED).map(([name, text]) => {
    const file = join(folder, `${name}.test.ts`)
    writeFileSync(file, `import { suite, test } from 'uvu'\nimport { spawnSync } from 'node:child_process'\n${text}\n`)
    return file
  })
  const print = (text: string) => {
    printed += text
  }
  const hangs = files.filter((file) => file.includes('never-ends'))
  const others = files.filter((file) => !hangs.includes(file))
  reports = [...(await runUnitTests(others, { print })), ...(await runUnitTests(hangs, { print, seconds: 1 }))]
})

const reportsOf = (name: string) => reports.filter(({ file }) => file === join(folder, `${name}.test.ts`))

for (const [name, passed, failed, caught] of [
  ['good', 2, 0],
  ['failing', 1, 1],
  ['without-tests', 0, 1],
  ['broken-outside', 0, 1],
  ['ends-the-process', 0, 1],
  ['never-ends', 0, 1],
  ['before-fails', 0, 1],
  ['after-each-fails', 0, 1],
  ['boots-a-guest', 1, 1, 'qemu-system-x86_64'],
  ['enters-namespaces', 1, 1, 'unshare'],
  ['compiles', 1, 1, 'musl-gcc'],
  ['asks-a-version', 1, 0],
  ['totals-on-stderr', 0, 1],
  ['last-of-all', 1, 0],
] as [string, number, number, string?][])
  test(`${name}: ${passed} passed, ${failed} failed${caught ? `, ${caught} is caught` : ''}`, () => {
    const [report, ...others] = reportsOf(name)
    assert.is(others.length, 0)
    assert.equal([report!.passed, report!.failed, report!.caught], [passed, failed, caught ? [caught] : []])
  })

test('what was caught is named, with the rule', () => {
  assert.match(printed, 'boots-a-guest.test.ts: 1 passed, 1 failed')
  assert.match(printed, 'it starts qemu-system-x86_64, which only files named *.system.test.ts may do')
  assert.match(printed, 'planted')
})

test('a hook that fails says why', () => {
  for (const hook of ['before', 'after.each'])
    assert.match(
      printed,
      new RegExp(`FAIL {2}a hook, ${hook}, failed:\\n +Error: planted ${hook}\\n +at .*-fails\\.test\\.ts:`),
    )
})

test.run()
