import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fateOf, type NodeView, type TaskView } from './fate.ts'

// The words are those of real daemons, of Docker 20.10.

const READY: NodeView[] = [{ ID: 'n', Status: { State: 'ready' } }]
const DOWN: NodeView[] = [{ ID: 'n', Status: { State: 'down', Message: 'heartbeat failure' } }]

const task = (state: string, more: Partial<TaskView['Status']> = {}, desired = 'running', node = 'n'): TaskView => ({
  ID: 't',
  NodeID: node,
  DesiredState: desired,
  Status: { State: state, Message: 'started', ...more },
})

test('a task that waits says what it waits for', () => {
  const Err = 'no suitable node (insufficient resources on 2 nodes)'
  assert.equal(fateOf(task('pending', { Err }), READY), { is: 'waiting', why: Err })
  assert.equal(fateOf(task('pending', { Message: 'pending task scheduling' }), READY), { is: 'waiting', why: null })
})

test('a task on its way, and one that has ended', () => {
  for (const state of ['assigned', 'preparing', 'starting', 'running'])
    assert.equal(fateOf(task(state), READY), { is: 'running' }, state)
  // Swarm wants nothing more of a task that has ended.
  assert.equal(fateOf(task('complete', {}, 'shutdown'), READY), { is: 'ended' })
  assert.equal(fateOf(task('complete', {}, 'shutdown'), DOWN), { is: 'ended' })
})

test('a node that dies loses its tasks, whatever their last state says', () => {
  assert.equal(fateOf(task('running'), DOWN), { is: 'lost', reason: 'its node is down: heartbeat failure' })
  const Err = 'assigned node no longer meets constraints'
  assert.equal(fateOf(task('rejected', { Err }, 'shutdown'), DOWN), {
    is: 'lost',
    reason: 'its node is down: heartbeat failure',
  })
  assert.equal(fateOf(task('running'), []), { is: 'lost', reason: 'its node has left the Swarm' })
  assert.is(fateOf(task('running', {}, 'shutdown'), READY).is, 'lost', 'it went down and came back')
  // While managers elect another leader they know of no node.
  assert.equal(fateOf(task('running'), [{ ID: 'n', Status: { State: 'unknown' } }]), { is: 'running' })
})

test('a task that its node refuses is lost there', () => {
  const Err = 'assigned node no longer meets constraints'
  assert.equal(fateOf(task('rejected', { Err }, 'shutdown'), READY), {
    is: 'lost',
    reason: `its task was rejected: ${Err}`,
  })
  for (const state of ['orphaned', 'shutdown', 'remove']) assert.is(fateOf(task(state), READY).is, 'lost', state)
})

test('a worker that fails is not lost, and one that was killed may have lacked memory', () => {
  const failed = (ExitCode: number) =>
    fateOf(task('failed', { Err: `task: non-zero exit (${ExitCode})`, ContainerStatus: { ExitCode } }), READY)
  assert.equal(failed(3), { is: 'failed', reason: 'its worker failed (task: non-zero exit (3))' })
  assert.ok(/killed: it may have needed more than the \d+ MiB .*137/.test(JSON.stringify(failed(137))))
})

test.run()
