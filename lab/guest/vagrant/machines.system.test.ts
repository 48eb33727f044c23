import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { EXIT, Fault } from '../../model/fault.ts'
import { obtainKernels } from '../../prepare/kernels.ts'
import { bringUp, leaveMachines } from './machines.ts'

// How machines are left, with a real Vagrant and a provider that has no machines: it keeps the state of each in a file, and
// writes down what it was told to do. lab/e2e/vagrant.sh has real ones.

const folder = mkdtempSync(join(tmpdir(), 'machines-'))
const log = join(folder, 'log')
const machine = (state: string) => `m-${state.replace('_', '-')}`
const STATES = ['not_created', 'poweroff', 'saved', 'running']

const PROVIDER = `
class OnPaper < Vagrant.plugin('2', :provider)
  AFTER = { up: 'running', halt: 'poweroff', suspend: 'saved', destroy: 'not_created' }.freeze

  def initialize(machine)
    @name = machine.name
    @file = File.join('${folder}', "state-#{machine.name}")
  end

  def state
    id = File.exist?(@file) ? File.read(@file) : 'not_created'
    Vagrant::MachineState.new(id.to_sym, id, '')
  end

  def action(name)
    after = AFTER[name] or return
    lambda do |_|
      File.write('${log}', "#{name} #{@name}\\n", mode: 'a')
      raise Vagrant::Errors::VagrantError.new(:not_on_paper) if name == :up && @name == :'m-never'
      File.write(@file, after)
    end
  end
end

class OnPaperPlugin < Vagrant.plugin('2')
  name 'on_paper'
  provider(:on_paper, box_optional: true) { OnPaper }
end

Vagrant.configure('2') do |config|
  %w[${[...STATES.map(machine), 'm-never'].join(' ')}].each { |name| config.vm.define(name) }
end
`

const machines = suite('machines of Vagrant')
machines.before(() => {
  writeFileSync(join(folder, 'Vagrantfile'), PROVIDER)
  Object.assign(process.env, {
    VAGRANT_CWD: folder,
    VAGRANT_HOME: join(folder, 'home'),
    VAGRANT_DOTFILE_PATH: join(folder, 'dot'),
    VAGRANT_DEFAULT_PROVIDER: 'on_paper',
  })
})
machines.before.each(() => writeFileSync(log, ''))
machines.after(() => rmSync(folder, { recursive: true }))

const done = () => readFileSync(log, 'utf8').trim().split('\n')
const stateFile = (name: string) => join(folder, `state-${name}`)

const notes: string[] = []
const note = (line: string) => void notes.push(line)

/** Nobody answers there, so that each attempt ends with a fault. */
async function broughtUp(name: string): Promise<Fault> {
  const error = await bringUp(name, note, new AbortController().signal).then(
    () => null,
    (error) => error,
  )
  assert.instance(error, Fault)
  return error
}

const check = spawnSync('vagrant', ['--version']).error
  ? (name: string, body: () => Promise<void>) => machines.skip(`${name} (there is no vagrant here)`, body)
  : machines

check('each is left as it was found: only what did not exist is destroyed', async () => {
  for (const state of STATES) {
    if (state !== 'not_created') writeFileSync(stateFile(machine(state)), state)
    assert.match((await broughtUp(machine(state))).message, 'does not say what it is')
  }
  await leaveMachines(false, note)
  assert.equal(done(), [
    ...['m-not-created', 'm-poweroff', 'm-saved'].map((name) => `up ${name}`),
    ...['destroy m-not-created', 'halt m-poweroff', 'suspend m-saved'],
  ])
  assert.is(readFileSync(stateFile('m-running'), 'utf8'), 'running')
})

check('one that another lab uses is not touched, and no lock of this one is left', async () => {
  writeFileSync(stateFile('m-poweroff'), 'poweroff')
  const lock = join(folder, 'dot', 'hitless-m-poweroff.lock')
  const other = spawn('sh', ['-c', `exec 9>'${lock}'; flock -x 9; echo held; exec sleep 60`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(other.stdout, 'data')
  try {
    const { message, exit } = await broughtUp('m-poweroff')
    assert.match(message, 'the machine m-poweroff is in use by another lab')
    assert.is(exit, EXIT.notReady)
    assert.equal(done(), [''])
  } finally {
    other.kill('SIGKILL')
    await once(other, 'exit')
  }
  await leaveMachines(false, note)
  rmSync(lock)
  await broughtUp('m-poweroff')
  assert.ok(existsSync(lock))
  await leaveMachines(false, note)
  assert.not(existsSync(lock))
  assert.equal(done(), ['up m-poweroff', 'halt m-poweroff'])
})

check('what never came up is not destroyed', async () => {
  const { message, exit } = await broughtUp('m-never')
  assert.is(exit, EXIT.notReady)
  assert.match(message, 'vagrant up m-never ended with status 1')
  await leaveMachines(false, note)
  assert.equal(done(), ['up m-never'])
})

check('--keep leaves it up, and says what it was', async () => {
  writeFileSync(stateFile('m-poweroff'), 'poweroff')
  await broughtUp('m-poweroff')
  await leaveMachines(true, note)
  assert.equal(done(), ['up m-poweroff'])
  assert.is(notes.at(-1), 'm-poweroff stays up: vagrant ssh m-poweroff; vagrant halt m-poweroff')
})

check('a name of no machine is told before any is brought up, with those there are', async () => {
  const supply = { note, signal: new AbortController().signal } as Parameters<typeof obtainKernels>[1]
  const error = await obtainKernels(['vagrant:m-saved', 'vagrant:m-savd'], supply).catch((error) => error)
  assert.instance(error, Fault)
  assert.is(error.exit, EXIT.usage)
  const choices = 'choose from m-not-created, m-poweroff, m-saved, m-running, m-never'
  const meant = 'no such machine in the Vagrantfile (did you mean m-saved?)'
  assert.is(error.message, `--kernel m-savd: ${meant}; ${choices}`)
  await leaveMachines(false, note)
  assert.equal(done(), [''])
  assert.is(existsSync(stateFile('m-savd')), false)
  const planned = (name: string) =>
    spawnSync(
      process.execPath,
      ['--import', 'tsx', 'lab/run.ts', '--guest', 'vagrant', '--kernel', name, '--case', 'none', '--plan'],
      { encoding: 'utf8' },
    )
  const [right, wrong] = [planned('m-saved'), planned('m-savd')]
  assert.equal([right.status, wrong.status], [EXIT.expected, EXIT.usage])
  assert.match(wrong.stderr, `--kernel m-savd: ${meant}; ${choices}`)
  assert.equal(done(), [''])
})

machines.run()
