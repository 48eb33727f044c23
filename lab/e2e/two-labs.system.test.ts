import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Lock, tryLock } from '../guest/cpus/lock.ts'
import { cpuPairs } from '../guest/cpus/topology.ts'
import { isMeasured } from '../model/result.ts'
import { resultIn } from '../saved/reference.ts'
import { descendantsOf, newRun, pinnedCpus, scratch, start, until } from './harness.ts'

// Two labs at once on one machine, end to end.

const ARGS = ['--kernel', '6.1', '--accel', 'tcg', '--case', 'no-reload', '--duration', '1']
const begin = (out: string, folder?: string) =>
  start([...ARGS, '--out', out], folder === undefined ? [] : ['env', `HITLESS_CPUS=${folder}`])

/** Runs two labs at once, and looks which CPUs both had at the same time. */
async function twoLabs(folders: [string?, string?]) {
  const outs = folders.map(() => newRun())
  const labs = outs.map((out, i) => begin(out, folders[i]))
  const shared = new Set<string>()
  const had = new Set<string>()
  const watch = setInterval(() => {
    const [one, other] = labs.map(({ child }) => pinnedCpus(descendantsOf(child))) as [string[], string[]]
    for (const cpu of [...one, ...other]) had.add(cpu)
    for (const cpu of one) if (other.includes(cpu)) shared.add(cpu)
  }, 20)
  const ended = await Promise.all(labs.map(({ ended }) => ended))
  clearInterval(watch)
  const said = ended.map(({ stderr }) => stderr)
  for (const [i, out] of outs.entries()) assert.is(resultIn(out).cells.filter(isMeasured).length, 1, said[i])
  return { labs, said, had: [...had], shared: [...shared] }
}

const two = suite('two labs')

two('they never have a CPU in common, and one that must wait says for whom', async () => {
  const { labs, said, had, shared } = await twoLabs([undefined, undefined])
  assert.equal(shared, [])
  assert.ok(had.length > 0, 'the pins were seen')
  if (cpuPairs().length > 1) return
  const names = labs.map(({ child }) => `waiting for CPUs: process ${child.pid} on `)
  assert.ok(said[0]!.includes(names[1]!) || said[1]!.includes(names[0]!), said.join('\n'))
})

two('where they do not see each other, this test sees that they share CPUs', async () => {
  const folders = ['one', 'other'].map((name) => join(scratch, name)) as [string, string]
  const { said, shared } = await twoLabs(folders)
  assert.ok(shared.length > 0)
  assert.not.match(said.join(), 'waiting for CPUs')
})

two('one that waits goes on as soon as CPUs are free, and ends at once when it is interrupted', async () => {
  const folder = join(scratch, 'held')
  mkdirSync(folder)
  const cpus = [...new Set(cpuPairs().flatMap(({ cores }) => cores))]
  const locks = (await Promise.all(cpus.map((cpu) => tryLock(folder, cpu)))) as Lock[]
  const outOfPatient = newRun()
  const patient = begin(outOfPatient, folder)
  const told = { patient: '', other: '' }
  patient.child.stderr.on('data', (text) => (told.patient += text))
  await until('it waits', () => told.patient.includes(`: waiting for CPUs: process ${process.pid} on `))
  const other = begin(newRun(), folder)
  other.child.stderr.on('data', (text) => (told.other += text))
  await until('the other waits behind it', () =>
    told.other.includes(`: waiting for CPUs: process ${patient.child.pid} on `),
  )
  other.child.kill('SIGINT')
  assert.is((await other.ended).status, 130)
  for (const lock of locks) lock.release()
  await patient.ended
  assert.is(resultIn(outOfPatient).cells.filter(isMeasured).length, 1, told.patient)
})

two.run()
