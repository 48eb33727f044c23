import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import noneFile from '../../cases/none.ts'
import { proxyNamed } from '../../images/proxies/proxies.ts'
import type { BootObserver, Engine } from '../engine/engine.ts'
import { nextRound } from '../measure/verdict/rounds.ts'
import { CaseFile, FEATURES } from '../model/case/case.ts'
import { resolveCase } from '../model/case/resolve.ts'
import { type Cell, interleaved, type Start } from '../model/cell.ts'
import { type Event, readEvents } from '../model/events.ts'
import { EXIT, type Fault } from '../model/fault.ts'
import { hostFactsOf, type Outcome, UNSEEN } from '../model/outcome.ts'
import { type FailedCell, isMeasured, type MeasuredCell } from '../model/result.ts'
import { readOutcomes } from '../saved/outcomes.ts'
import { REFERENCE, referenceRun } from '../saved/reference.ts'
import type { SavedRun } from '../saved/run.ts'
import { carryOut, requireParts } from './carry-out.ts'

// What becomes of a run, whatever its engine says: the engine here tells again what guests of a committed run told.

const scratch = mkdtempSync(join(tmpdir(), 'hitless-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
let runs = 0

const result = referenceRun('6.1')
const [measured] = result.cells.filter(isMeasured) as [MeasuredCell]
const told = (boot: number) =>
  readFileSync(join(REFERENCE, '6.1', measured.folder, `boot-${boot}`, 'events.jsonl'), 'utf8')
const linesTold = (boot: number) => told(boot).split('\n').filter(Boolean)
const features = Object.fromEntries(
  FEATURES.map((name) => [name, { has: true, said: '' }]),
) as Cell['kernel']['features']

const cell = (name: string, boots = 1): Cell => ({
  name,
  guest: 'qemu',
  accel: 'tcg',
  kernel: { name: measured.kernel, series: '6.1', sha256: 'abc', image: 'sha256:1', modules: null, features },
  root: { userland: 'sha256:2', programs: 'sha256:3' },
  proxy: { name: 'haproxy', path: 'sha256:4', version: '2.6.12', maxaccept: 4 },
  case: resolveCase(v.parse(CaseFile, { ...noneFile, name }), proxyNamed('haproxy')),
  load: measured.load,
  boots,
  seed: 1,
})

type Play = (start: Start, observer: BootObserver) => Outcome | Promise<Outcome>
const engine = (run: Play): Engine => ({
  slots: 9,
  obstacle: async () => null,
  run: async (start, observer) => run(start, observer),
})

/** Tells lines of a guest as an engine does, each with its event. */
function tell(observer: BootObserver, lines: string[]) {
  const { events } = readEvents(lines.join('\n'))
  for (const [i, event] of events.entries()) {
    observer.line(lines[i]!)
    observer.event(event)
  }
}

/** Tells all that a healthy guest told. */
const healthy: Play = ({ boot }, observer) => {
  observer.files({ env: "PORT='8080'\n" })
  observer.command(['qemu', 'a b'])
  observer.console('booted\n')
  tell(observer, linesTold(boot))
  return { kind: 'done', facts: hostFactsOf(measured.eachBoot[boot - 1]!), consoleTail: ['booted'] }
}

/** Carries cells out in a new folder. */
async function carriedOut(cells: Cell[], play: Play, abort = new AbortController()) {
  const folder = mkdtempSync(join(scratch, `${++runs}-`))
  const run: SavedRun = { ...result, cells, capacities: [], caseFiles: {} }
  const ended = await carryOut(run, folder, {
    engine: engine(play),
    jobs: 2,
    done: [],
    terminal: false,
    seconds: () => 3,
    signal: abort.signal,
  })
  return { folder, run, ended }
}

test('what an engine tells is saved, measured and judged', async () => {
  const cells = [cell('none', 2)]
  const { folder, run, ended } = await carriedOut(cells, healthy)
  const [one] = ended as [MeasuredCell]
  assert.is(one.verdict, 'expected')
  assert.is(one.resets, measured.resets)
  assert.equal(one.eachBoot, measured.eachBoot)
  assert.is(one.kernelVersion, measured.kernelVersion)
  assert.is(readFileSync(join(folder, 'none/boot-1/events.jsonl'), 'utf8'), told(1))
  assert.is(readFileSync(join(folder, 'none/boot-1/cell/env'), 'utf8'), "PORT='8080'\n")
  assert.match(readFileSync(join(folder, 'none/boot-1/command.txt'), 'utf8'), "qemu $'a b'")
  const { done, seconds } = readOutcomes(folder, run, assert.unreachable)
  assert.equal(nextRound(cells, done), [])
  assert.is(seconds, 3)
})

test('a boot that was lost with its machine counts once, as it was told the second time', async () => {
  const lost = [{ node: 'one', reason: 'its node is down' }]
  const machine = { name: 'two', cpu: 'EPYC', cpus: 2, kernel: '6.18' }
  const { folder, run, ended } = await carriedOut([cell('none', 1)], async (start, observer) => {
    observer.files({ env: 'half', other: 'half' })
    observer.console('lost\n')
    tell(observer, linesTold(start.boot).slice(0, 9))
    observer.again!()
    const outcome = await healthy(start, observer)
    return outcome.kind === 'done' ? { ...outcome, facts: { ...outcome.facts, lost, machine } } : outcome
  })
  const [one] = ended as [MeasuredCell]
  assert.is(one.verdict, 'expected')
  assert.equal([one.eachBoot[0]!.lost, one.eachBoot[0]!.machine], [lost, machine])
  assert.is(readFileSync(join(folder, 'none/boot-1/events.jsonl'), 'utf8'), told(1))
  assert.is(readFileSync(join(folder, 'none/boot-1/console.log'), 'utf8'), 'booted\n')
  const { done } = readOutcomes(folder, run, assert.unreachable)
  assert.equal(done[0]!.facts.lost, lost)
})

test('a cell that runs until sure boots no more once it is decided, and the result says how many boots it had', async () => {
  const sure = { ...cell('none', 2), untilSure: true }
  const begun: number[] = []
  const { ended, run, folder } = await carriedOut([sure], (start, observer) => {
    begun.push(start.boot)
    return healthy(start, observer)
  })
  assert.equal(begun, [1])
  const [{ boots, mostBoots, decidedAfter, verdict, eachBoot }] = ended as [MeasuredCell]
  assert.equal([verdict, boots, mostBoots, decidedAfter, eachBoot.length], ['expected', 1, 2, 1, 1])
  assert.equal(nextRound(run.cells, readOutcomes(folder, run, assert.unreachable).done), [])
})

test('a cell that runs until sure boots as often as it may where nothing decides it', async () => {
  // Each of its boots loses as many as the control does.
  const fewer = {
    expects: [{ resets: 'fewer' as const, because: 'a test' }],
    control: undefined,
    proof: 'reload' as const,
  }
  const other = cell('other', 2)
  const cells = [cell('none', 2), { ...other, case: { ...other.case, ...fewer } }].map((one) => ({
    ...one,
    untilSure: true,
  }))
  const begun: string[] = []
  const { ended } = await carriedOut(cells, (start, observer) => {
    begun.push(`${start.cell.name} ${start.boot}`)
    return healthy(start, observer)
  })
  assert.equal(begun, ['none 1', 'other 1', 'none 2', 'other 2'])
  const [none, open] = ended as [MeasuredCell, MeasuredCell]
  assert.equal([none.verdict, none.boots, none.decidedAfter], ['expected', 2, 1])
  assert.equal([open.verdict, open.boots, open.decidedAfter], ['inconclusive', 2, null])
})

test('a boot that failed makes its cell one that failed, with all that is known of where it ran', async () => {
  const { folder, run, ended } = await carriedOut([cell('none', 2), cell('other')], (start, observer) => {
    if (start.cell.name !== 'none' || start.boot === 1) return healthy(start, observer)
    observer.files({})
    tell(observer, linesTold(1).slice(0, 9))
    return { kind: 'failed', facts: { ...UNSEEN, command: ['qemu'] }, reason: 'it died', consoleTail: ['panic'] }
  })
  const [failed, other] = ended as [FailedCell, MeasuredCell]
  assert.is(failed.verdict, 'failed')
  assert.is(failed.reason, 'boot 2: it died')
  assert.equal(failed.consoleTail, ['panic'])
  assert.equal(
    failed.eachBoot.map(({ command }) => command),
    [measured.eachBoot[0]!.command, ['qemu']],
  )
  const provenance = ({ kernel, kernelVersion, proxy, load, seed }: FailedCell | MeasuredCell) =>
    JSON.stringify([kernel, kernelVersion, proxy, load, seed])
  assert.is(provenance(failed), provenance(other))
  assert.is(nextRound(run.cells, readOutcomes(folder, run, assert.unreachable).done).length, 1)
})

test('a boot whose events cannot be believed has failed, whatever its engine says', async () => {
  const { folder, ended } = await carriedOut([cell('none')], ({ boot }, observer) => {
    observer.files({})
    const events = readEvents(told(boot)).events.filter(({ e }) => e !== 'counters')
    tell(
      observer,
      events.map((event, i) => JSON.stringify({ ...event, n: i + 1 })),
    )
    return { kind: 'done', facts: UNSEEN, consoleTail: ['the last words'] }
  })
  const [failed] = ended as [FailedCell]
  assert.is(failed.reason, 'the guest told no event "counters"')
  assert.equal(failed.consoleTail, ['the last words'])
  assert.not(existsSync(join(folder, 'none/boot-1/outcome.json')))
})

test('what cannot be saved has not been measured', async () => {
  const { folder, ended } = await carriedOut([cell('none')], async (start, observer) => {
    const outcome = await healthy(start, observer)
    // Where the outcome would be saved is a folder already.
    const [run] = readdirSync(scratch).filter((name) => name.startsWith(`${runs}-`))
    mkdirSync(join(scratch, run!, 'none/boot-1/outcome.json'))
    return outcome
  })
  assert.is(ended[0]!.verdict, 'failed')
  assert.match(ended[0]!.reason, `cannot save ${folder}`)
})

test('events that are too large to be counted here are counted by a run that is resumed with more memory', async () => {
  // Nothing is written of it, so that it takes no disk.
  const { run, folder, ended } = await carriedOut([cell('none')], async (start, observer) => {
    const outcome = await healthy(start, observer)
    const [run] = readdirSync(scratch).filter((name) => name.startsWith(`${runs}-`))
    truncateSync(join(scratch, run!, 'none/boot-1/events.jsonl'), 2 ** 35)
    return outcome
  })
  const file = join(folder, 'none/boot-1/events.jsonl')
  const said = /to count its 32,768 MiB of events takes 262,144 MiB of memory, and Node.js gives [\d,]+/.source
  const option = 'NODE_OPTIONS=--max-old-space-size=262144'
  assert.match(
    ended[0]!.reason,
    new RegExp(`^events.jsonl: ${said}; it counts once the run is resumed with ${option}$`),
  )
  try {
    readOutcomes(folder, run, assert.unreachable)
    assert.unreachable()
  } catch (error) {
    const { exit, message, hint } = error as Fault
    assert.is(exit, EXIT.notReady)
    assert.match(message, new RegExp(`^${file}: ${said}$`))
    assert.is(hint, `${option}, and the same again`)
  }
  writeFileSync(file, told(1))
  const { done } = readOutcomes(folder, run, assert.unreachable)
  assert.equal(done[0]!.facts, measured.eachBoot[0]!)
})

test('nothing keeps the events of a boot while it goes on', async () => {
  setFlagsFromString('--expose-gc')
  const gc: () => void = runInNewContext('gc')
  let kept: WeakRef<Event>[] = []
  const { ended } = await carriedOut([cell('none')], async (start, observer) => {
    const outcome = await healthy(start, {
      ...observer,
      event: (event) => {
        kept.push(new WeakRef(event))
        observer.event(event)
      },
    })
    // What a WeakRef was made of lives until the turn has ended.
    await setImmediate()
    gc()
    kept = kept.filter((event) => event.deref())
    return outcome
  })
  assert.is(kept.length, 0)
  assert.is(ended[0]!.verdict, 'expected')
})

test('boots that were interrupted or never began leave their cells out', async () => {
  const abort = new AbortController()
  const { ended } = await carriedOut(
    [cell('none'), cell('second'), cell('third')],
    (start, observer) => {
      if (start.cell.name === 'none') return healthy(start, observer)
      abort.abort()
      return { kind: 'interrupted' }
    },
    abort,
  )
  assert.equal(
    ended.map(({ case: name }) => name),
    ['none'],
  )
})

test('a run whose parts are not what they were is refused, with the command that makes it anew', async () => {
  const run = { argv: ['lab/run.ts', '--kernel', '6.*', '--out', 'x'] }
  const cells = [cell('none', 2), cell('other')]
  const asked: string[] = []
  const refusing = (obstacle: string | null): Engine => ({
    ...engine(healthy),
    obstacle: async ({ name }) => {
      asked.push(name)
      return obstacle
    },
  })
  await requireParts(refusing(null), run, interleaved(cells))
  assert.is(asked.length, 1, 'cells of the same parts are asked about once')
  await requireParts(refusing('/x has changed'), run, [])
  try {
    await requireParts(refusing('/x has changed'), run, interleaved(cells))
    assert.unreachable()
  } catch (error) {
    const { exit, message, hint } = error as Fault
    assert.is(exit, EXIT.notReady)
    assert.is(message, '/x has changed: the rest of this run cannot be carried out')
    assert.is(hint, "npx tsx lab/run.ts --kernel '6.*'")
  }
})

test.run()
