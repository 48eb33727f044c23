import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { exitStatus } from '../measure/verdict/status.ts'
import { EXIT } from '../model/fault.ts'
import type { Capacity } from '../model/result/capacity.ts'
import { isMeasured, type MeasuredCell, type Result } from '../model/result.ts'
import { resultIn } from '../saved/reference.ts'
import type { SavedRun } from '../saved/run.ts'
import { alive, bootsWith, descendantsOf, leftovers, newRun, scratch, start, until } from './harness.ts'

// Runs that break and are finished later, end to end. Mostly on the running kernel, which boots at once.

const lab = (...args: string[]) => start(args).ended
const measuredOf = (run: string) => resultIn(run).cells.filter(isMeasured)
const ended = (run: string) => bootsWith(run, 'outcome.json')

/** Whether a boot is under load. */
function busy(run: string) {
  const drained = bootsWith(run, 'events.jsonl', '"e":"draining"')
  return bootsWith(run, 'events.jsonl', '"e":"tick"').some((boot) => !drained.includes(boot))
}

/** Starts a run, waits until one boot has ended and another is under load, and sends a signal to its lab alone. */
async function broken(signal: NodeJS.Signals, run: string, ...args: string[]) {
  const { child, ended: end } = start([...args, '--out', run])
  let started: number[] = []
  await until('a boot has ended and another is under load', () => {
    started = descendantsOf(child)
    return ended(run).length > 0 && busy(run) && started.length > 0
  })
  child.kill(signal)
  const ran = await end
  await until(`all it started is gone: ${started.filter(alive)}`, () => !started.some(alive))
  return ran
}

/** Finishes a broken run: it must end as if nothing had happened, and leave alone what had ended. */
async function mended(run: string, cases: string[], ...args: string[]) {
  const before = new Map(ended(run).map((cell) => [cell, readFileSync(join(run, cell, 'events.jsonl'), 'utf8')]))
  const plan = JSON.parse(readFileSync(join(run, 'plan.json'), 'utf8')) as Result
  const ran = await lab('--resume', run, ...args)
  const all = resultIn(run).cells.reduce((sum, { boots }) => sum + boots, 0)
  const result = resultIn(run)
  assert.equal(
    measuredOf(run).map((cell) => cell.case),
    cases,
    ran.stderr,
  )
  assert.match(ran.stderr, `${before.size} of ${all} boots had ended, ${all - before.size} to run`)
  for (const [cell, events] of before) assert.is(readFileSync(join(run, cell, 'events.jsonl'), 'utf8'), events)
  assert.is(result.started, plan.started)
  assert.equal(result.argv, plan.argv)
  assert.not(result.interrupted)
  assert.ok(existsSync(join(run, 'report.html')))
  assert.equal(leftovers(), [])
  return { ...ran, result }
}

/** Seconds that a run had taken when its last cell was saved. */
const secondsSaved = (run: string) =>
  Math.max(...ended(run).map((cell) => JSON.parse(readFileSync(join(run, cell, 'outcome.json'), 'utf8')).seconds))

const resume = suite('resume')

resume('kill -9 ends the guest as well, and the run is finished later', async () => {
  const run = newRun()
  const { status } = await broken('SIGKILL', run, '--kernel', '6.1', '--case', 'none,no-reload', '--duration', '2')
  assert.is(status, null)
  assert.not(existsSync(join(run, 'result.json')))
  const before = secondsSaved(run)
  const { result, status: end } = await mended(run, ['none', 'no-reload'], '--json')
  assert.is(end, 0)
  assert.ok(result.seconds > before)
})

resume('boots take turns, and each missing boot is run again by itself', async () => {
  const run = newRun()
  const args = ['--kernel', 'host', '--case', 'none,no-reload', '--users', '20', '--boots', '2', '--duration', '1']
  const { stderr } = await lab(...args, '--out', run)
  const order = [...stderr.matchAll(/^\S+-(none|no-reload)-users-20 boot-(\d): /gm)].map(
    ([, name, boot]) => `${name} ${boot}`,
  )
  assert.equal(order, ['none 1', 'no-reload 1', 'none 2', 'no-reload 2'], stderr)
  const before = measuredOf(run).find((cell) => cell.case === 'none')!
  assert.is(before.boots, 2)
  assert.is(before.byBoot.length, 2)
  const [gone] = ended(run).filter((boot) => /-none-users-20\/boot-2$/.test(boot))
  rmSync(join(run, gone!, 'outcome.json'))
  const { result } = await mended(run, ['none', 'no-reload'])
  const after = result.cells.filter(isMeasured).find((cell) => cell.case === 'none')!
  assert.equal(after.byBoot[0], before.byBoot[0], 'the boot that had ended')
  assert.is.not(after.byBoot[1]!.connections, before.byBoot[1]!.connections, 'the one that was run again')
})

resume('a run until sure boots a cell while it is undecided, and goes on with what it still needs', async () => {
  const run = newRun()
  const { stderr } = await lab(
    ...'--kernel host --case fd-passing --users 80 --boots 3 --until-sure'.split(' '),
    '--out',
    run,
  )
  assert.match(stderr, /^\d+ s: [012] of 2 verdicts are decided/m)
  const cells = measuredOf(run)
  assert.equal(
    cells.map((cell) => cell.case),
    ['none', 'fd-passing'],
    stderr,
  )
  for (const { case: name, boots, mostBoots, decidedAfter, load, byBoot, folder, eachBoot, verdict } of cells) {
    assert.equal([mostBoots, load.duration, byBoot.length], [3, 1.5, boots], name)
    assert.equal(
      ended(run).filter((boot) => boot.startsWith(`${folder}/`)),
      eachBoot.map((boot) => `${folder}/${boot.folder}`),
    )
    assert.ok(eachBoot.every(({ tookMs }) => tookMs! > 1500))
    assert.is(decidedAfter === null, verdict === 'inconclusive', name)
  }
  const [none, passing] = cells as [MeasuredCell, MeasuredCell]
  assert.ok(none.boots >= passing.boots, 'a control boots along')
  rmSync(join(run, none.folder, 'boot-1', 'outcome.json'))
  const again = await lab('--resume', run)
  assert.match(again.stderr, /boots? had ended, 1 to run, and more until it is sure/)
  const after = measuredOf(run).find((cell) => cell.case === 'fd-passing')!
  assert.equal(after.byBoot[0], passing.byBoot[0], 'a boot that had ended')
  const compared = spawnSync(process.execPath, ['--import', 'tsx', 'lab/compare.ts', run, '--out', newRun()])
  assert.is.not(compared.status, EXIT.usage, 'its numbers and verdicts follow from its events')
})

resume('Ctrl-C with cells side by side leaves nothing running, and the run is finished later', async () => {
  const run = newRun()
  const cases = ['none', 'ebpf', 'fd-passing', 'no-reload']
  const many = ['--case', cases.join(), '--duration', '2', '--jobs', '2']
  const { status, stderr } = await broken('SIGINT', run, '--kernel', 'host', ...many)
  assert.is(status, 130, stderr)
  assert.match(stderr, `--resume`)
  assert.equal(leftovers(), [])
  const { interrupted, cells } = resultIn(run)
  assert.ok(interrupted)
  assert.is(cells.length, ended(run).length)
  assert.ok(cells.length < cases.length)
  await mended(run, cases, '--jobs', '2')
})

resume('kill -9 also ends a guest on the running kernel', async () => {
  const run = newRun()
  await broken('SIGKILL', run, '--kernel', 'host', '--case', 'none,no-reload', '--duration', '2')
  // A boot that was under way when the machine went down may have left anything.
  const [half] = bootsWith(run, 'events.jsonl').filter((cell) => !ended(run).includes(cell))
  writeFileSync(join(run, half!, 'left over'), '')
  await mended(run, ['none', 'no-reload'])
  assert.not(existsSync(join(run, half!, 'left over')))
})

resume('a complete run has only its reports made again; a missing boot is run again', async () => {
  const run = newRun()
  const { status } = await lab('--kernel', 'host', '--case', 'none,no-reload', '--duration', '1', '--out', run)
  const before = resultIn(run)
  rmSync(join(run, 'report.html'))
  const again = await lab('--resume', run)
  assert.is(again.status, status)
  assert.match(again.stderr, '2 of 2 boots had ended, nothing to run')
  assert.ok(existsSync(join(run, 'report.html')))
  assert.is(resultIn(run).seconds, before.seconds)

  const cell = before.cells.find((other) => other.case === 'no-reload')!
  rmSync(join(run, cell.folder, 'boot-1/outcome.json'))
  await mended(run, ['none', 'no-reload'])
  assert.ok(resultIn(run).seconds > before.seconds)
})

resume(
  'what the kernel carries was found out on another machine: it is found out again, with all at a share of it',
  async () => {
    const run = newRun()
    // Written so it keeps the loads of the lab's own.
    await lab('--kernel=host', '--case', 'no-reload', '--boots', '2', '--duration', '1', '--out', run)
    const plan = () => JSON.parse(readFileSync(join(run, 'plan.json'), 'utf8')) as SavedRun
    const before = plan()
    const [carried] = before.capacities as [Capacity]
    assert.ok(carried.perSecond > 0)
    const capacities = [{ ...carried, perSecond: 10, machine: { ...carried.machine, cpu: 'Another CPU' } }]
    const cells = before.cells.map(({ load, ...cell }) => ({
      ...cell,
      load: load.capacity === null ? load : { ...load, capacity: 10, rate: 5 },
    }))
    const half = cells.find(({ load }) => load.capacity !== null)!
    writeFileSync(join(run, 'plan.json'), JSON.stringify({ ...before, cells, capacities }))
    for (const name of ended(run).filter((boot) => boot.startsWith(`${half.name}/`))) {
      const events = join(run, name, 'events.jsonl')
      writeFileSync(events, readFileSync(events, 'utf8').replace(/("e":"load-start".*"rate":)\d+/, '$15'))
    }
    rmSync(join(run, half.name, 'boot-2', 'outcome.json'))
    const eventsOf = () => readdirSync(run).filter((name) => /^capacity-.*-boot-\d+\.jsonl$/.test(name))
    writeFileSync(join(run, eventsOf()[0]!.replace(/\d+(?=\.jsonl$)/, '9')), 'of the other machine')

    const { stderr } = await lab('--resume', run)
    assert.match(
      stderr,
      /carries was found out on Another CPU, family [\d, a-z]+ \(\d+ CPUs?\), and this is .*: finding it out again/,
    )
    assert.match(stderr, `${half.name}: all their boots are run again, at the rate of this machine`)
    const [now] = plan().capacities as [Capacity]
    assert.is(now.machine.cpu, carried.machine.cpu)
    assert.ok(now.perSecond > 100, 'no share of what another machine carries')
    assert.is(eventsOf().length, now.boots!.length)
    assert.equal(resultIn(run).capacities, [now])
    for (const { load } of measuredOf(run))
      if (load.capacity !== null)
        assert.equal([load.capacity, load.rate], [now.perSecond, Math.round(now.perSecond / 2)])
    assert.is(measuredOf(run).length, 2)
    const again = await lab('--resume', run)
    assert.match(again.stderr, '4 of 4 boots had ended, nothing to run')
  },
)

resume('a program of the run is gone: exit 3, and the command for a new run', async () => {
  const run = newRun()
  await lab('--kernel', 'host', '--case', 'no-reload', '--duration', '1', '--out', run)
  const plan = JSON.parse(readFileSync(join(run, 'plan.json'), 'utf8'))
  plan.cells[0].proxy.path = join(scratch, 'gone')
  writeFileSync(join(run, 'plan.json'), JSON.stringify(plan))
  rmSync(join(run, ended(run)[0]!, 'outcome.json'))
  const { status, stderr, stdout } = await lab('--resume', run)
  assert.is(status, 3, stderr)
  assert.match(stderr, `${join(scratch, 'gone')} is gone`)
  assert.match(stderr, 'try: npx tsx lab/run.ts --kernel host --case no-reload')
  assert.is(stdout, '')
})

/** A user's case that only prints a word before the load. */
const saying = (word: string) => `export default {
  name: 'mine', title: 'x', idea: 'x', source: 'x', control: 'negative', setup: ['echo ${word} >&2'], reload: false,
  expects: [{ resets: 'none', because: 'x' }], drawbacks: [] }`

resume('a case that has changed since: the saved commands run, and stderr says how to run the new ones', async () => {
  const run = newRun()
  const mine = join(scratch, 'mine.ts')
  writeFileSync(mine, saying('old'))
  await lab('--kernel', 'host', '--case', mine, '--duration', '1', '--out', run)
  const [cell] = ended(run) as [string]
  rmSync(join(run, cell, 'outcome.json'))
  writeFileSync(mine, saying('new'))
  const { stderr, result } = await mended(run, ['mine'])
  assert.match(stderr, `${mine} has changed since: what is missing runs the commands that were saved with the run`)
  assert.match(
    stderr,
    `For a run of the new ones: npx tsx lab/run.ts --kernel host --case ${mine} --duration 1 --users 20 --boots 1\n`,
  )
  assert.match(readFileSync(join(run, cell, 'cell/setup'), 'utf8'), 'echo old')
  assert.match(readFileSync(join(run, cell, 'console.log'), 'utf8'), 'old')
  assert.match(JSON.stringify(result.cases), 'echo old')
  rmSync(join(run, cell, 'outcome.json'))
  writeFileSync(mine, `// The same.\n${saying('old')}`)
  assert.not.match((await mended(run, ['mine'])).stderr, 'has changed since')
})

resume('a reader of stderr that leaves stops nothing: the run is saved and keeps its exit status', async () => {
  const run = newRun()
  const { child, ended: end } = start(['--kernel', 'host', '--case', 'none,no-reload', '--duration', '1', '--out', run])
  child.stderr.once('data', () => child.stderr.destroy())
  const { status } = await end
  assert.is(status, exitStatus(resultIn(run)))
  assert.is(measuredOf(run).length, 2)
  assert.ok(existsSync(join(run, 'report.html')))
})

resume('a run that another process works on is left alone', async () => {
  const run = newRun()
  const { child, ended: end } = start(['--kernel', 'host', '--case', 'no-reload', '--duration', '20', '--out', run])
  await until('the cell is under load', () => busy(run))
  for (const args of [
    ['--resume', run],
    ['--kernel', 'host', '--case', 'no-reload', '--out', run],
  ]) {
    const { status, stderr } = await lab(...args)
    assert.is(status, 2, stderr)
    assert.match(stderr, 'another process is at work on this run')
  }
  assert.ok(busy(run), 'it was not disturbed')
  child.kill('SIGINT')
  assert.is((await end).status, 130)
})

const REFUSED: [args: string[], message: string][] = [
  [['--resume', join(scratch, 'no-such-run')], 'there is no plan.json'],
  [['--resume', scratch, '--kernel', '6.1'], '--kernel: beside --resume only --jobs and --json'],
  [['--resume', scratch, '--duration', '3'], '--duration: beside --resume'],
  [['--resume', scratch, '--jobs', '257'], '--jobs "257": expected a whole number from 1 to 256'],
  [['--resume', ''], '--resume'],
]
for (const [args, message] of REFUSED)
  resume(`${args.join(' ')}: exit 2`, async () => {
    const { status, stderr, stdout } = await lab(...args)
    assert.is(status, 2, stderr)
    assert.match(stderr, message)
    assert.is(stdout, '')
  })

resume.run()
