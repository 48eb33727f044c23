import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { twoLoads, twoProxies } from './render/fixtures/loads.ts'
import { REFERENCE } from './saved/reference.ts'

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

const compare = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('compare.ts', import.meta.url)), ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })

let folders = 0
const newFolder = () => join(scratch, `folder-${++folders}`)
/** A saved run without its events. */
function copy() {
  const run = newFolder()
  mkdirSync(run)
  writeFileSync(join(run, 'result.json'), JSON.stringify(twoLoads()))
  return run
}
type Loose = {
  lab: unknown
  cells: Record<string, unknown>[]
  cases: Record<string, unknown>[]
  interrupted: boolean
}
function change(run: string, how: (result: Loose) => void) {
  const file = join(run, 'result.json')
  const result = JSON.parse(readFileSync(file, 'utf8'))
  how(result)
  writeFileSync(file, JSON.stringify(result))
}

test('runs of different versions of the lab are told', () => {
  const [one, other] = [copy(), copy()]
  const told = /carried out by different versions of the lab.* by 0\.0\.0 \(another\)/
  assert.not.match(compare(one, other, '--out', newFolder()).stderr, told)
  change(other, (result) => {
    result.lab = { version: '0.0.0', commit: 'another' }
  })
  assert.match(compare(one, other, '--out', newFolder()).stderr, told)
})

/** OSC 52, which puts text into the clipboard of whoever sees it, and what clears the screen, by 8-bit CSI. */
const ACTS = '\u001b]52;c;cm0gLXJmIH4K\u0007\u009b2J'

test('text that acts on a terminal does not reach it, from a result, its place, or an option', () => {
  const [one, other] = [copy(), copy()]
  change(other, (result) => {
    result.cells[0]!.reason = `x${ACTS}`
    result.cells[0]![`field${ACTS}`] = 1
  })
  const told = compare(one, other, '--out', newFolder())
  assert.is(told.status, 2)
  assert.match(told.stderr, 'cells.0.reason: the control character \\u001b: expected text')
  const placed = compare(one, join(scratch, `nowhere${ACTS}`), '--out', newFolder())
  assert.is(placed.status, 2)
  assert.match(placed.stderr, 'expected no control characters')
  for (const { stdout, stderr } of [told, placed]) assert.not.match(stdout + stderr, /(?!\n)\p{Cc}/u)
})

test('runs of which one had two threads of one core are told', () => {
  const [one, other] = [copy(), copy()]
  const onOneCore = (run: string) =>
    change(run, ({ cells }) => {
      for (const { eachBoot } of cells) for (const boot of eachBoot as { oneCore?: true }[]) boot.oneCore = true
    })
  const told = () => compare(one, other, '--out', newFolder()).stderr
  onOneCore(other)
  assert.match(told(), /note: not one placement on cores in all runs, .*; on two threads of one core in folder-/)
  onOneCore(one)
  assert.not.match(told(), 'placement on cores', 'all ran so')
})

test('saved runs become one comparison, with links that lead to their files', () => {
  const runs = ['one', 'other'].map((place) => join(scratch, place, '6.1'))
  for (const run of runs) {
    mkdirSync(run, { recursive: true })
    writeFileSync(join(run, 'result.json'), JSON.stringify(twoLoads()))
  }
  const out = join(scratch, 'out')
  const { status, stdout, stderr } = compare(...runs, '--out', out)
  assert.is(status, 0)
  for (const run of ['one/6.1', 'other/6.1'])
    for (const load of ['saturated', 'half']) assert.match(stdout, `6.1 (${run}) ${load}`)
  // As it was typed, not from here.
  assert.match(stderr, `saved: ${join(out, 'report.html')}\n`)
  assert.equal(readdirSync(out).sort(), ['junit.xml', 'report.html', 'report.md', 'result.json'])
  const { cells } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as { cells: { folder: string }[] }
  assert.ok(cells.some(({ folder }) => folder.startsWith('../one/6.1/')))
  assert.ok(cells.some(({ folder }) => folder.startsWith('../other/6.1/')))
})

test('the exit status is that of the cells', () => {
  const changed = (verdict: string, interrupted = false) => {
    const run = copy()
    change(run, (result) => {
      result.cells[3]!.verdict = verdict
      result.interrupted = interrupted
    })
    return compare(run, '--out', newFolder()).status
  }
  assert.is(changed('expected'), 0)
  assert.is(changed('contradicts'), 1)
  assert.is(changed('inconclusive'), 1)
  assert.is(changed('expected', true), 130)
})

test('of a single run the reports are made again, with links that lead to it', () => {
  const run = copy()
  const out = newFolder()
  const { status, stderr } = compare(run, '--out', out)
  assert.is(status, 0, stderr)
  const href = /href="\.\/([^"]*)\/console\.log"/.exec(readFileSync(join(out, 'report.html'), 'utf8'))![1]!
  // The folder of a boot, in that of a cell, in that of the run.
  assert.is(join(out, decodeURIComponent(href), '..', '..'), run)
  assert.not.match(href, '%2F')
})

test('a comparison is saved into a folder that is new or empty', () => {
  const out = newFolder()
  mkdirSync(out)
  writeFileSync(join(out, 'mine'), '')
  for (const [where, message] of [
    [out, `--out ${out}: expected a folder that is new or empty, and mine is in it`],
    [REFERENCE, 'expected a folder that is new or empty'],
    [join(out, 'mine'), `--out ${join(out, 'mine')}: `],
    ['/proc/nope/run', '--out /proc/nope/run: '],
    ['', '--out "": expected a directory'],
  ] as const) {
    const { status, stderr, stdout } = compare(copy(), '--out', where)
    assert.is(status, 2, stderr)
    assert.match(stderr, message)
    assert.is(stdout, '')
  }
  assert.equal(readdirSync(out), ['mine'])
})

test('a run that cannot be believed is refused, with all that is wrong with all of them', () => {
  const [one, other] = [copy(), copy()]
  change(one, (result) => {
    result.cells[0]!.ok = 1
    result.cells[1]!.folder = '../../x'
  })
  change(other, (result) => {
    result.cells[0]!.kernel = '9.9'
  })
  const out = newFolder()
  const { status, stderr, stdout } = compare(one, other, '--out', out)
  assert.is(status, 2)
  assert.match(stderr, `${one}/result.json cannot be used: cells.0 (none under saturated on `)
  assert.match(stderr, 'folder "../../x": expected a plain name')
  assert.match(
    stderr,
    `${other}/result.json cannot be used: cells.0 (none under saturated on 9.9): kernel "9.9": expected one of`,
  )
  assert.is(stdout, '')
  assert.not(existsSync(out))
})

test('a case that is not the same in all runs is told', () => {
  const [one, other] = [copy(), copy()]
  change(other, (result) => {
    result.cases[1]!.commands = { before: ['true'] }
  })
  const { status, stderr } = compare(one, other, '--out', newFolder())
  assert.is(status, 0, stderr)
  assert.match(stderr, 'note: the case ack-block is not the same in all runs')
})

test('runs with a proxy each become one comparison, in which what a case is with each is no difference', () => {
  const runs = ['haproxy', 'nginx'].map((name) => {
    const run = join(newFolder(), name)
    mkdirSync(run, { recursive: true })
    const { cells, cases, ...rest } = twoProxies()
    const result = {
      ...rest,
      cells: cells.filter(({ proxy }) => proxy.name === name),
      cases: cases.filter(({ proxy }) => proxy === undefined || proxy === name).map(({ proxy: _, ...facts }) => facts),
      skipped: [],
    }
    writeFileSync(join(run, 'result.json'), JSON.stringify(result))
    return run
  })
  const { status, stdout, stderr } = compare(...runs, '--out', newFolder())
  assert.is(status, 0, stderr)
  assert.not.match(stderr, 'is not the same in all runs')
  assert.match(stdout, /Proxies side by side[\s\S]*haproxy 2\.6\.12.*haproxy 3\.0\.11.*nginx 1\.22\.1/)
})

test('--format mail prints a mail, and nothing beside it', () => {
  const { status, stdout, stderr } = compare(copy(), '--format', 'mail', '--out', newFolder())
  assert.is(status, 0, stderr)
  assert.match(stdout, /^Subject: \S/)
  assert.match(stdout, '\nTo run it again:\n  npx tsx lab/run.ts ')
  const both = compare(copy(), '--format', 'mail', '--json')
  assert.is(both.status, 2)
  assert.match(both.stderr, '--format: beside --json')
  assert.match(compare(copy(), '--format', 'post').stderr, '--format "post": expected tables or mail')
})

test('where GitHub runs it, the job gets a summary, behind what others wrote there; one that cannot be written is no error', () => {
  const file = join(scratch, 'summary.md')
  writeFileSync(file, 'before\n')
  const run = (summary: string) =>
    spawnSync(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('compare.ts', import.meta.url)), copy(), '--out', newFolder()],
      { encoding: 'utf8', env: { ...process.env, GITHUB_STEP_SUMMARY: summary } },
    )
  assert.is(run(file).status, 0)
  assert.match(readFileSync(file, 'utf8'), /^before\n## .*\n[\s\S]*\*\*\d+ expected\*\*/)
  const nowhere = run(join(scratch, 'nowhere/summary.md'))
  assert.is(nowhere.status, 0)
  assert.match(nowhere.stderr, 'note: no job summary was written: ')
})

test('a run given twice, none at all, and what is no run are usage errors that name it', () => {
  const run = join(REFERENCE, '6.1')
  const twice = compare(run, `${run}/`)
  assert.is(twice.status, 2)
  assert.match(twice.stderr, 'is given twice')
  const none = compare('--uot', 'x')
  assert.is(none.status, 2)
  assert.match(none.stderr, '--uot: no such option (did you mean --out?)')
  assert.match(none.stderr, 'no run given to compare')
  const nothing = compare(scratch)
  assert.is(nothing.status, 2)
  assert.match(nothing.stderr, `${scratch}: no saved run`)
  const broken = join(scratch, 'broken')
  mkdirSync(broken)
  writeFileSync(join(broken, 'result.json'), JSON.stringify({ schema: twoLoads().schema }))
  const wrong = compare(broken)
  assert.is(wrong.status, 2)
  assert.match(wrong.stderr, 'result.json cannot be used: name is missing: expected text')
})

test('--help tells of the exit status', () => {
  const { status, stdout } = compare('--help')
  assert.is(status, 0)
  assert.match(stdout, 'Exit status: that of the cells')
  assert.match(stdout, 'Examples:')
})

test.run()
