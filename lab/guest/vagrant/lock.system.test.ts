import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT, Fault } from '../../model/fault.ts'
import { holdMachine, releaseMachines, stateFolder } from './lock.ts'

// Machines that several labs want, each lab a process of its own.

const locks = suite('locks on machines')
const folder = join(mkdtempSync(join(tmpdir(), 'lock-')), 'state')
locks.after(() => rmSync(join(folder, '..'), { recursive: true }))
const others: ChildProcess[] = []
locks.after.each(async () => {
  for (const other of others.splice(0)) await ended(other)
  releaseMachines()
})

async function ended(other: ChildProcess) {
  if (other.exitCode !== null || other.signalCode !== null) return
  other.kill('SIGKILL')
  await once(other, 'exit')
}

/** Another process that holds a machine until it is killed. */
async function otherLab(machine: string): Promise<ChildProcess> {
  const module = new URL('./lock.ts', import.meta.url)
  const code = `const { holdMachine } = await import('${module}')
await holdMachine('${folder}', '${machine}'); console.log('held'); setInterval(() => {}, 1000)`
  const file = join(folder, '..', `${machine}.mts`)
  writeFileSync(file, code)
  const other = spawn(process.execPath, ['--import', 'tsx', file, '--kernel', machine], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  others.push(other)
  await once(other.stdout!, 'data')
  return other
}

const held = (machine: string) =>
  holdMachine(folder, machine).then(
    () => null,
    (error) => error,
  )

locks('a machine that another lab uses is refused, with the process that has it, until that ends', async () => {
  const other = await otherLab('k6-1')
  const fault = await held('k6-1')
  assert.instance(fault, Fault)
  assert.is(fault.exit, EXIT.notReady)
  assert.match(fault.message, `the machine k6-1 is in use by another lab, process ${other.pid} on ${hostname()} (`)
  assert.match(fault.message, 'k6-1.mts --kernel k6-1)')
  assert.match(fault.hint, `tail --pid=${other.pid} -f /dev/null`)
  assert.is(await held('k4-9'), null, 'another machine')
  await ended(other)
  assert.is(await held('k6-1'), null, 'a killed lab holds nothing')
})

locks('one lab may have a machine several times, and leaves nothing of its lock', async () => {
  assert.is(await held('k6-1'), null)
  assert.is(await held('k6-1'), null)
  releaseMachines()
  assert.equal(readdirSync(folder), [])
  await otherLab('k6-1')
  assert.ok((await held('k6-1')) instanceof Fault)
})

locks('the lock is where Vagrant keeps its state, so that all labs that share machines see it', () => {
  assert.is(stateFolder('/lab', {}), '/lab/.vagrant')
  assert.is(stateFolder('/lab', { VAGRANT_CWD: '/mine' }), '/mine/.vagrant')
  assert.is(stateFolder('/lab', { VAGRANT_CWD: '/mine', VAGRANT_DOTFILE_PATH: 'dot' }), '/mine/dot')
  assert.is(stateFolder('/lab', { VAGRANT_DOTFILE_PATH: '/else/where' }), '/else/where')
  assert.not(existsSync('/lab/.vagrant'))
})

locks.run()
