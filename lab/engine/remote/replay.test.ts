import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as v from 'valibot'
import noneFile from '../../../cases/none.ts'
import { PROXIES, proxyNamed } from '../../../images/proxies/proxies.ts'
import { CaseFile } from '../../model/case/case.ts'
import { resolveCase } from '../../model/case/resolve.ts'
import type { Cell } from '../../model/cell.ts'
import { type Event, readEvents } from '../../model/events.ts'
import { EXIT, Fault } from '../../model/fault.ts'
import { UNSEEN } from '../../model/outcome.ts'
import { isMeasured } from '../../model/result.ts'
import { REFERENCE, referenceRun } from '../../saved/reference.ts'
import { BrokenFrames, FrameWriter } from './frames.ts'
import { Order, type Told } from './protocol.ts'
import { type Listener, Replay } from './replay.ts'

// What a lab learns from the frames of its worker, which tells here again what a guest of a committed run told.

const [measured] = referenceRun('6.1').cells.filter(isMeasured)
const stream = readFileSync(join(REFERENCE, '6.1', measured!.folder, 'boot-1/events.jsonl'), 'utf8')
const lines = stream.split('\n').filter(Boolean)

function framesOf(told: unknown[]): string[] {
  const written: string[] = []
  const writer = new FrameWriter((line) => void written.push(line.trimEnd()))
  for (const one of told) writer.send(one)
  writer.end()
  return written
}

const line = (line: string): Told => ({ tell: 'line', line })
const answer = (answer: unknown): Told => ({ tell: 'answer', answer })
const OUTCOME = { kind: 'done', facts: UNSEEN, consoleTail: ['booted'] }

function replayed(told: unknown[], listener: Listener = {}) {
  const replay = new Replay('run', listener)
  for (const frame of framesOf(told)) replay.take(frame)
  return replay
}

test('an observer is told what the local engine would tell it, and the answer is the outcome', () => {
  const seen: unknown[] = []
  const replay = replayed(
    [
      { tell: 'files', files: { env: 'A=1\n' } },
      { tell: 'command', argv: ['qemu', 'a b'] },
      { tell: 'console', text: 'booted\n' },
      ...lines.map(line),
      answer(OUTCOME),
    ],
    {
      files: (files) => seen.push(files),
      command: (argv) => seen.push(argv),
      console: (text) => seen.push(text),
      line: (line) => seen.push(line),
      event: (event) => seen.push(event),
    },
  )
  const { events } = readEvents(stream)
  const both = lines.flatMap((line, i) => [line, events[i]])
  assert.equal(seen, [{ env: 'A=1\n' }, ['qemu', 'a b'], 'booted\n', ...both])
  assert.equal(replay.answer(), OUTCOME)
})

test('a line that is no event ends the events, and no line', () => {
  const told: string[] = []
  const events: Event[] = []
  const outcome = { kind: 'failed', facts: UNSEEN, consoleTail: [], reason: 'line 3 is not JSON' }
  const broken = [...lines.slice(0, 2), '{"n":3', ...lines.slice(2, 4)]
  const replay = replayed([...broken.map(line), answer(outcome)], {
    line: (line) => told.push(line),
    event: (event) => events.push(event),
  })
  assert.equal(told, broken)
  assert.is(events.length, 2)
  assert.equal(replay.answer(), outcome)
})

test('notes and files of a preparation come as they happen', () => {
  const seen: string[] = []
  const replay = new Replay('prepare', { note: (line) => seen.push(line), keep: (name, text) => seen.push(name, text) })
  const frames = framesOf([{ tell: 'note', line: 'building' }, { tell: 'keep', name: 'a', text: 'b' }, answer([])])
  for (const frame of frames.slice(0, 2)) replay.take(frame)
  assert.equal(seen, ['building', 'a', 'b'])
  // The log is read again from its beginning.
  replay.again()
  for (const frame of frames) replay.take(frame)
  assert.equal(seen, ['building', 'a', 'b'])
  assert.equal(replay.answer(), [])
})

test("a worker's fault is the lab's, with its exit status and hint; a defect keeps its stack", () => {
  const fault = replayed([{ tell: 'fault', message: 'no such kernel', exit: EXIT.notReady, hint: 'ls' }])
  try {
    fault.answer()
    assert.unreachable()
  } catch (error) {
    assert.instance(error, Fault)
    assert.equal([(error as Fault).message, (error as Fault).exit, (error as Fault).hint], ['no such kernel', 3, 'ls'])
  }
  const defect = replayed([{ tell: 'fault', message: 'TypeError\n  at x', exit: null }])
  assert.throws(
    () => defect.answer(),
    (error: Error) => !(error instanceof Fault) && error.message === 'TypeError\n  at x',
  )
})

test('no answer, half of one, one to another order, or words of another lab are no answer', () => {
  const broken = (replay: () => unknown, said: string) =>
    assert.throws(replay, (error: Error) => error instanceof BrokenFrames && error.message.includes(said))
  broken(() => replayed([]).answer(), 'gave no answer')
  broken(() => replayed([answer('an obstacle')]).answer(), "the worker's answer is none: ")
  broken(() => replayed([{ tell: 'tale' }]), 'what this lab does not know')
  const cut = new Replay('run', {})
  for (const frame of framesOf([answer(OUTCOME)]).slice(0, -1)) cut.take(frame)
  broken(() => cut.answer(), 'ended before it had said all')
})

test('an order survives its way', () => {
  const cell: Cell = {
    name: 'none',
    guest: 'qemu',
    accel: 'tcg',
    kernel: { name: '6.1', series: '6.1', sha256: 'a', image: 'sha256:1', modules: null, features: null },
    root: { userland: 'sha256:2', programs: 'sha256:3' },
    proxy: { name: 'haproxy', path: 'sha256:4', version: '2.6.12', maxaccept: 4 },
    case: resolveCase(v.parse(CaseFile, noneFile), proxyNamed('haproxy')),
    load: measured!.load,
    boots: 1,
    seed: 1,
  }
  const order = { do: 'run', cell, boot: 2 }
  assert.equal(v.parse(Order, JSON.parse(JSON.stringify(order))), order)
  assert.not(v.safeParse(Order, { ...order, boot: 0 }).success)
})

test('what is known of proxies survives the way of what was prepared', () => {
  const prepared = {
    kernels: [],
    skipped: [],
    cases: [v.parse(CaseFile, noneFile)],
    root: { userland: 'sha256:2', programs: 'sha256:3' },
    sources: {},
    traits: PROXIES,
    capacities: [
      {
        ...{ kernel: '6.1', proxy: 'haproxy', perSecond: 1000.5, load: measured!.load },
        machine: { cpu: 'a CPU', cpus: 2, kernel: '6.1' },
      },
    ],
  }
  const replay = new Replay('prepare', {})
  for (const frame of framesOf([answer([prepared])])) replay.take(frame)
  const [came] = replay.answer()
  const traits = PROXIES.map(({ name, title, sections, reload }) => ({ name, title, sections: [...sections], reload }))
  assert.equal(came, { ...prepared, traits })
})

test.run()
